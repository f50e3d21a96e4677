-- Question: what was billed on each UTC day of a span, and how much of it no deployment explains?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: currency; day; allocated, unallocated (in currency; 0: of the days that were billed at
--   all, nothing). One row a currency and day, from the first to the last billed day of the span.
with
billed as (
    select
        currency,
        day,
        sum(cost) filter (where part = 'deployment') as allocated,
        sum(cost) filter (where part <> 'deployment') as unallocated
    from costs
    where day between $first_day and $last_day
    group by currency, day
),
calendar as (
    select
        currency,
        unnest(generate_series(
            min(day)::timestamp, max(day)::timestamp, interval 1 day
        ))::date as day
    from billed
    group by currency
)
select
    calendar.currency,
    calendar.day,
    coalesce(billed.allocated, 0) as allocated,
    coalesce(billed.unallocated, 0) as unallocated
from calendar
left join billed on billed.currency = calendar.currency and billed.day = calendar.day
order by calendar.currency, calendar.day
