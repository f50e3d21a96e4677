-- Question: from which day on must each resource's metrics be asked?
-- Parameters: $resource_keys (list), $source, $metrics (list; all of them must be answered),
--   $today (date), $window_first_day (date), $first_day_kept (date; the oldest that Azure has),
--   $answered_since (UTC; an answer as young counts for the running day too, null: none does).
-- Columns: resource_key, first_day; none for one that has nothing to ask.
-- A day is done once it was answered six hours after its end, since late values trickle in. What
-- is older than the window is asked once, the first time.
-- A set of days is the bits of one number: the first that Azure has is 1, the next 2, then 4.
with
asked as (
    select unnest($resource_keys::varchar[]) as resource_key
),
-- Each answer up to the last of its days that is done.
spans as (
    select
        resources,
        list_intersect(metrics, $metrics::varchar[]) as metrics,
        greatest(first_day, $first_day_kept::date) as first_day,
        case
            when read_at >= $answered_since::timestamp then least(last_day, $today::date)
            else least(last_day, $today::date, (read_at - interval 30 hour)::date)
        end as last_day
    from metric_answers
    where source = $source and state = 'answered' and asked_minutes = 1440
        and list_has_any(metrics, $metrics::varchar[])
),
-- The same resources share a batch on most days, so that few of these are left.
batches as (
    select
        resources,
        metrics,
        bit_or(
            case when first_day <= last_day
                then (1::hugeint << (last_day - $first_day_kept::date + 1))
                    - (1::hugeint << (first_day - $first_day_kept::date))
                else 0
            end
        ) as days
    from spans
    group by resources, metrics
),
answers as (
    select resource, unnest(metrics) as metric, days
    from (select unnest(resources) as resource, metrics, days from batches)
),
by_metric as (
    select resource, metric, bit_or(days) as days
    from answers
    group by resource, metric
),
done as (
    select
        resource,
        case when count(*) = len($metrics::varchar[]) then bit_and(days) else 0 end as days
    from by_metric
    group by resource
),
calendar as (
    select unnest(
        generate_series($first_day_kept::date, $today::date, interval 1 day)
    )::date as day
),
lacking as (
    select known.days, min(calendar.day) as first_day
    from (select distinct days from done) as known
    cross join calendar
    where calendar.day >= $window_first_day
        and known.days & (1::hugeint << (calendar.day - $first_day_kept::date)) = 0
    group by known.days
)
select
    asked.resource_key,
    case when done.days is null then $first_day_kept::date else lacking.first_day end as first_day
from asked
left join resources on resources.resource_key = asked.resource_key
left join done on done.resource = resources.resource
left join lacking on lacking.days = done.days
where done.days is null or lacking.first_day is not null
