-- Question: what is known of each managed deployment on each UTC day?
-- Columns: day; in_window; is_today; requests (null: no value at all); both_answered (both
--   namespaces were asked and answered for the whole day, today up to now); is_alive (enough
--   buckets with a sign of life, a count of requests too); proven_zero.
-- Requests are average x minutes; of the two namespaces the larger counts, never their sum.
-- Points that end before the creation belong to a predecessor of the same name. A day is whole
-- only in an answer that was read after it ended.
with
managed as (
    select subjects.*
    from subjects
    where kind = 'managed'
),
points as (
    select
        p.*,
        p.starts_at::date as day,
        epoch(
            least(p.starts_at + to_minutes(p.grain_minutes), asked.as_of) - p.starts_at
        ) / 60 as minutes
    from metric_points as p
    join managed on managed.deployment_key = p.deployment_key
    cross join asked
    where p.asked_minutes = asked.grain_minutes
        and p.starts_at < asked.as_of
        and (
            managed.created_at is null
            or p.starts_at + to_minutes(p.grain_minutes) > managed.created_at
        )
),
requests_by_grain as (
    select deployment_key, source, day, grain_minutes, sum(average * minutes) as requests
    from points
    where metric = 'RequestsPerMinute' and source in ('deployment', 'endpoint')
        and average is not null
    group by deployment_key, source, day, grain_minutes
),
requests as (
    select deployment_key, day, max(requests) as requests
    from requests_by_grain
    group by deployment_key, day
),
life as (
    select deployment_key, day, count(distinct starts_at) as buckets
    from points
    where (metric = 'DeploymentCapacity' and greatest(average, maximum) > 0)
        or (metric = 'CpuUtilizationPercentage' and average is not null)
        or (
            metric = 'RequestsPerMinute' and source in ('deployment', 'endpoint')
            and average is not null
        )
    group by deployment_key, day
),
answered_days as (
    select distinct
        r.resource_key,
        r.source,
        r.read_at,
        unnest(generate_series(r.first_day, r.last_day, interval 1 day))::date as day
    from metric_reads as r
    cross join asked
    where r.state = 'answered'
        and r.metric = 'RequestsPerMinute'
        and r.asked_minutes = asked.grain_minutes
        and (asked.kind = 'snapshot' or r.snapshot_id = asked.snapshot_id)
),
answered as (
    select distinct resource_key, source, day
    from answered_days
    cross join asked
    where (day < asked.today and read_at >= day + interval 1 day)
        or (day = asked.today and read_at >= asked.as_of - interval 1 hour)
),
calendar as (
    select
        managed.deployment_key,
        managed.endpoint_key,
        managed.born_after,
        unnest(
            generate_series(
                least(asked.window_first_day, coalesce(
                    (select min(day) from answered), asked.window_first_day
                )),
                asked.today,
                interval 1 day
            )
        )::date as day
    from managed
    cross join asked
),
known as (
    select
        calendar.*,
        calendar.day >= asked.window_first_day as in_window,
        calendar.day = asked.today as is_today,
        requests.requests,
        own.day is not null and split.day is not null as both_answered,
        coalesce(life.buckets, 0) as life_buckets,
        case asked.grain_minutes
            when 60 then greatest(0, date_diff(
                'hour',
                greatest(
                    calendar.day::timestamp,
                    date_trunc(
                        'hour',
                        coalesce(calendar.born_after, calendar.day::timestamp)
                        + interval 59 minute + interval 59 second
                    )
                ),
                least(calendar.day + interval 1 day, date_trunc('hour', asked.as_of))
            ))
            else (coalesce(calendar.born_after, calendar.day::timestamp)
                <= calendar.day + interval 23 hour)::int
        end as expected_buckets,
        asked.spare_buckets
    from calendar
    cross join asked
    left join requests
        on requests.deployment_key = calendar.deployment_key and requests.day = calendar.day
    left join life
        on life.deployment_key = calendar.deployment_key and life.day = calendar.day
    left join answered as own
        on own.resource_key = calendar.deployment_key
        and own.source = 'deployment' and own.day = calendar.day
    left join answered as split
        on split.resource_key = calendar.endpoint_key
        and split.source = 'endpoint' and split.day = calendar.day
    where calendar.born_after is null or calendar.day >= calendar.born_after::date
),
living as (
    select *, life_buckets + spare_buckets >= expected_buckets as is_alive
    from known
)
select
    deployment_key,
    day,
    in_window,
    is_today,
    requests,
    both_answered,
    is_alive,
    both_answered and coalesce(requests, 0) = 0 and (is_alive or is_today) as proven_zero
from living
