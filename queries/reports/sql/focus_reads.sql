-- Question: how was a month's bill read, of which subscriptions?
-- Parameters: $month (its first day).
-- Columns: subscription_id; has_actual (whether the actual cost was read).
select
    subscription_id,
    bool_or(basis = 'ActualCost') as has_actual
from cost_reads
where month = $month
group by subscription_id
order by subscription_id
