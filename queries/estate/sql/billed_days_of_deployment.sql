-- Question: what was a deployment billed on each UTC day of a span?
-- Parameters: $deployment_key, $created_on (date; null: unknown; a bill of before was a
--   predecessor's), $first_day, $last_day (dates, both inclusive).
-- Columns: day; cost (in currency; 0: the bill of that day was read and has no line of it; null: it
--   was not read, or not yet); currency (null with the cost). One row a day.
with
calendar as (
    select unnest(generate_series(
        $first_day::timestamp, $last_day::timestamp, interval 1 day
    ))::date as day
),
billed as (
    select day, sum(cost) as cost, any_value(currency) as currency
    from billed_lines
    where resource_key = split_part($deployment_key, '/onlineendpoints/', 1)
        and endpoint = split_part($deployment_key, '/', -3)
        and deployment = split_part($deployment_key, '/', -1)
        and ($created_on::date is null or day >= $created_on)
    group by day
    having count(distinct currency) = 1
),
through as (
    select month, max(last_day) as last_day
    from cost_reads
    where subscription_id = split_part($deployment_key, '/', 3)
    group by month
)
select
    calendar.day,
    case when calendar.day <= least(through.last_day, billed.last_day)
        then coalesce(billed.cost, 0)
    end as cost,
    billed.currency
from calendar
left join billed on billed.day = calendar.day
left join through on through.month = date_trunc('month', calendar.day)
cross join (
    select max(day) as last_day
    from cost_lines
    where kind = 'bill' and subscription_id = split_part($deployment_key, '/', 3)
) as billed
order by calendar.day
