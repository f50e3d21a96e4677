-- Question: what is known of each managed deployment on each UTC day?
-- Columns: day; in_window; is_today; own_requests, split_requests (of the deployment's and of the
--   endpoint's namespace), requests (the larger; null: no value at all); own_answered_at,
--   split_answered_at, life_answered_at (UTC: when the newest answer about requests, and about
--   capacity, came that speaks of the whole day, today up to now; null: none); both_answered (both
--   namespaces were); is_alive (enough buckets with a sign of life); proven_zero.
-- Of the two namespaces the larger counts, never their sum. Requests in the bucket in which it was
-- made, where a predecessor of its name was there before, are nobody's and prove nothing, unless the
-- minutes of that day are known; a zero is both their zero. Nothing is proven by requests that Azure
-- contradicts. A value that was read again after this collection knows counts up to it, in
-- proportion.
with
managed as (
    select subjects.*, lives.counts_from
    from subjects
    join lives on lives.deployment_key = subjects.deployment_key
    where kind = 'managed'
),
points as (
    select
        managed.deployment_key,
        p.source,
        p.day,
        p.grain_minutes,
        p.starts_at,
        p.shows_life,
        p.requests * case
            when p.read_at > asked.known_until and p.measured_until > asked.as_of
                then epoch(asked.as_of - p.starts_at) / epoch(p.measured_until - p.starts_at)
            else 1
        end as requests,
        coalesce(p.starts_at < managed.counts_from and p.requests > 0, false) as is_shared
    from measured_points as p
    join known_as on known_as.known_as = p.deployment_key
    join managed on managed.deployment_key = known_as.deployment_key
    cross join asked
    where p.asked_minutes = asked.grain_minutes
        and p.starts_at < asked.as_of
        and (managed.counts_from is null or p.ends_at > managed.counts_from)
),
-- Answered minute by minute, the day tells what is its own.
minutes as (
    select a.resource_key, a.source, a.day
    from answered_days as a
    cross join asked
    where a.asked_minutes = 1
        and a.read_at <= asked.known_until
        and (a.is_whole or a.read_at >= asked.as_of - interval 1 hour)
),
shared as (
    select distinct
        points.deployment_key,
        points.day,
        own.day is not null and split.day is not null as is_settled
    from points
    join managed on managed.deployment_key = points.deployment_key
    left join minutes as own
        on own.resource_key = managed.deployment_key
        and own.source = 'deployment' and own.day = points.day
    left join minutes as split
        on split.resource_key = managed.endpoint_key
        and split.source = 'endpoint' and split.day = points.day
    where points.is_shared
),
settled as (
    select shared.deployment_key, p.source, p.day, 1 as grain_minutes, sum(p.requests) as requests
    from shared
    join managed on managed.deployment_key = shared.deployment_key
    join measured_points as p
        on p.deployment_key = shared.deployment_key and p.day = shared.day
    where shared.is_settled
        and p.asked_minutes = 1
        and p.requests is not null
        and p.starts_at >= managed.counts_from
    group by shared.deployment_key, p.source, p.day
),
requests_by_grain as (
    select deployment_key, source, day, grain_minutes, sum(requests) as requests
    from points
    where requests is not null and not is_shared
    group by deployment_key, source, day, grain_minutes
    union all by name
    select * from settled
),
requests as (
    select
        deployment_key,
        day,
        max(requests) filter (where source = 'deployment') as own_requests,
        max(requests) filter (where source = 'endpoint') as split_requests,
        max(requests) as requests
    from requests_by_grain
    group by deployment_key, day
),
life as (
    select deployment_key, day, count(distinct starts_at) as buckets
    from points
    where shows_life
    group by deployment_key, day
),
resources as (
    select deployment_key as resource_key, known_as from known_as
    union
    select endpoint_key, known_as_endpoint from known_as
),
answered as (
    select
        resources.resource_key,
        a.source,
        a.day,
        max(a.read_at) filter (where a.metric = 'RequestsPerMinute') as requests_at,
        max(a.read_at) filter (where a.metric = 'DeploymentCapacity') as capacity_at
    from answered_days as a
    join resources on resources.known_as = a.resource_key
    cross join asked
    where a.asked_minutes = asked.grain_minutes
        and a.source in ('deployment', 'endpoint')
        and a.metric in ('RequestsPerMinute', 'DeploymentCapacity')
        and a.read_at <= asked.known_until
        and (asked.kind = 'snapshot' or a.snapshot_id = asked.snapshot_id)
        and (
            (a.day < asked.today and a.is_whole)
            or (a.day = asked.today and a.read_at >= asked.as_of - interval 1 hour)
        )
    group by resources.resource_key, a.source, a.day
),
calendar as (
    select
        managed.deployment_key,
        managed.endpoint_key,
        managed.born_after,
        unnest(
            generate_series(
                least(asked.window_first_day, coalesce(
                    (select min(day) from answered where requests_at is not null),
                    asked.window_first_day
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
        requests.own_requests,
        requests.split_requests,
        requests.requests,
        own.requests_at as own_answered_at,
        split.requests_at as split_answered_at,
        own.capacity_at as life_answered_at,
        own.requests_at is not null and split.requests_at is not null as both_answered,
        not coalesce(shared.is_settled, true) as is_shared,
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
    left join shared
        on shared.deployment_key = calendar.deployment_key and shared.day = calendar.day
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
    own_requests,
    split_requests,
    requests,
    own_answered_at,
    split_answered_at,
    life_answered_at,
    both_answered,
    is_alive,
    both_answered and not is_shared and coalesce(requests, 0) = 0 and (is_alive or is_today)
    and not exists (from contradictions where evidence = 'requests') as proven_zero
from living
