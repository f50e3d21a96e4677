-- Question: from when on are the metric values under each deployment's ids its own, and what do
--   they come to over all kept days?
-- Columns: counts_from (UTC; null: all of them are its own); metrics_begin_on (the day of its first
--   own value; null: it has none); last_request_at (start of the bucket); newest_life_until (end of
--   the newest bucket that shows it alive, a real zero too); class_requests, class_failures
--   (average requests by status class in the window: of all classes, and of 5xx);
--   older_first_ends_at, older_begin_on, older_request_at, older_life_until (likewise, of the days
--   before the window).
-- A value whose bucket ended before it was made was a predecessor's of the same name (azure.md
-- A17). Without one, the bucket in which it was made is all its own.
with
points as (
    select
        subjects.number,
        subjects.born_after,
        p.starts_at,
        p.ends_at,
        p.starts_at < asked.window_first_day as is_older,
        coalesce(p.starts_at >= subjects.born_after, true) as is_after_birth,
        p.starts_at < asked.as_of and p.requests > 0 as is_request,
        p.starts_at < asked.as_of and p.shows_life and p.asked_minutes = asked.grain_minutes
            as is_life,
        least(p.measured_until, asked.as_of) as life_until,
        p.source = 'endpoint by class' and p.metric = 'RequestsPerMinute'
        and p.starts_at < asked.as_of and p.starts_at >= asked.window_first_day as is_by_class,
        coalesce(p.status_class ilike '5xx', false) as is_failure,
        p.average
    from counted as p
    join subjects on subjects.number = p.number
    cross join asked
),
-- Each twice: of all values, and of those in no bucket that began before its birth.
lasting as (
    select
        number,
        min(ends_at) as first_ends_at,
        min(starts_at) filter (where born_after is null or ends_at > born_after)::date as begin_on,
        max(starts_at) filter (where is_request) as request_at,
        max(starts_at) filter (where is_request and is_after_birth) as own_request_at,
        max(starts_at) filter (where is_request and is_older) as older_request_at,
        max(starts_at) filter (where is_request and is_older and is_after_birth)
            as own_older_request_at,
        max(life_until) filter (where is_life) as life_until,
        max(life_until) filter (where is_life and is_after_birth) as own_life_until,
        max(life_until) filter (where is_life and is_older) as older_life_until,
        max(life_until) filter (where is_life and is_older and is_after_birth)
            as own_older_life_until,
        sum(average) filter (where is_by_class and average > 0) as classes,
        sum(average) filter (where is_by_class and average > 0 and is_after_birth) as own_classes,
        sum(average) filter (where is_by_class and is_failure) as failures,
        sum(average) filter (where is_by_class and is_failure and is_after_birth) as own_failures,
        bool_or(is_by_class) as is_classed,
        bool_or(is_by_class and is_after_birth) as own_is_classed
    from points
    group by number
),
dated as (
    select
        subjects.number,
        subjects.deployment_key,
        subjects.born_after,
        least(carried.first_ends_at, lasting.first_ends_at) as first_ends_at,
        coalesce(carried.metrics_begin_on, lasting.begin_on) as metrics_begin_on,
        coalesce(
            least(carried.first_ends_at, lasting.first_ends_at) <= subjects.born_after, false
        ) as had_predecessor,
        carried.last_request_at as carried_request_at,
        carried.newest_life_until as carried_life_until,
        lasting.* exclude (number, first_ends_at, begin_on)
    from subjects
    left join lasting on lasting.number = subjects.number
    left join carried on carried.number = subjects.number
)
select
    dated.number,
    dated.deployment_key,
    case when had_predecessor then born_after end as counts_from,
    metrics_begin_on,
    coalesce(if(had_predecessor, own_request_at, request_at), carried_request_at)
        as last_request_at,
    coalesce(if(had_predecessor, own_life_until, life_until), carried_life_until)
        as newest_life_until,
    if(had_predecessor, own_classes, classes) as class_requests,
    case when if(had_predecessor, own_is_classed, is_classed)
        then coalesce(if(had_predecessor, own_failures, failures), 0)
    end as class_failures,
    case when first_ends_at <= asked.window_first_day then first_ends_at end
        as older_first_ends_at,
    case when metrics_begin_on < asked.window_first_day then metrics_begin_on end
        as older_begin_on,
    coalesce(if(had_predecessor, own_older_request_at, older_request_at), carried_request_at)
        as older_request_at,
    coalesce(if(had_predecessor, own_older_life_until, older_life_until), carried_life_until)
        as older_life_until
from dated
cross join asked
