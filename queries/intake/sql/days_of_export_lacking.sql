-- Question: which billed days of an imported month does an answer lack?
-- Parameters: $subscription_id (lower case), $month (its first day), $basis, $days (that it has).
-- Columns: days (how many; 0 where no export is kept), first_day.
select count(distinct day) as days, min(day) as first_day
from cost_lines
where kind = 'bill'
    and source = 'export'
    and subscription_id = $subscription_id
    and month = $month
    and basis = $basis
    and not list_contains($days::date[], day)
