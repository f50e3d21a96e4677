-- Question: which months of a span does the bill of which subscription lack?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: subscription_id; month (its first day). A row for each that was never read.
select held.subscription_id, months.month::date as month
from (
    select distinct lower(subscription_id) as subscription_id
    from workspaces
) as held
cross join generate_series(
    date_trunc('month', $first_day::timestamp), $last_day::timestamp, interval 1 month
) as months (month)
where not exists (
    select 1
    from cost_reads
    where cost_reads.subscription_id = held.subscription_id and cost_reads.month = months.month
)
order by month, held.subscription_id
