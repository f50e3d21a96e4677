-- Question: which months of a span was the bill of which subscription not read to the end?
-- Parameters: $first_day, $last_day (dates, both inclusive), $today (a date).
-- Columns: subscription_id; month (its first day); read_through (null: never read); subscriptions
--   (how many there are). The month of $today lacks nothing once it was read at all, since no
--   reading of it could reach its end.
with
held as (
    select distinct lower(subscription_id) as subscription_id
    from workspaces
)
select
    held.subscription_id,
    months.month::date as month,
    reads.last_day as read_through,
    (select count(*) from held) as subscriptions
from held
cross join generate_series(
    date_trunc('month', $first_day::timestamp), $last_day::timestamp, interval 1 month
) as months (month)
left join (
    select subscription_id, month, max(last_day) as last_day
    from counted_reads
    group by subscription_id, month
) as reads on reads.subscription_id = held.subscription_id and reads.month = months.month
where reads.last_day is null
    or (reads.last_day < last_day(months.month) and last_day(months.month) < $today)
order by months.month, held.subscription_id
