-- Question: what is known of each managed deployment on each UTC day that is to be counted?
-- Columns: number; day; in_window; is_today; own_requests, split_requests (of the deployment's and of the
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
    select
        subjects.number,
        subjects.deployment_key,
        subjects.born_after,
        lives.counts_from,
        carried.before as first_day
    from subjects
    join lives on lives.number = subjects.number
    left join carried on carried.number = subjects.number
    where kind = 'managed'
),
points as (
    select
        managed.number,
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
    from counted as p
    join managed on managed.number = p.number
    cross join asked
    where p.asked_minutes = asked.grain_minutes
        and p.starts_at < asked.as_of
        and (p.requests is not null or p.shows_life)
        and (managed.counts_from is null or p.ends_at > managed.counts_from)
),
-- An answer about an endpoint is one about each deployment in it.
answered_of as (
    select known_as.number, known_as.known_as = known_as.deployment_key as is_own_id, answers.*
    from answers
    join known_as on known_as.known_resource = answers.resource
    where answers.source = 'deployment'
    union all
    select known_as.number, known_as.known_as = known_as.deployment_key as is_own_id, answers.*
    from answers
    join known_as on known_as.known_endpoint_resource = answers.resource
    where answers.source = 'endpoint'
),
answered_days_of as (
    select
        answered_of.*,
        unnest(generate_series(
            greatest(answered_of.first_day, carried.before), last_day, interval 1 day
        ))::date as day
    from answered_of
    left join carried on carried.number = answered_of.number
),
-- Of a day that has ended an answer after its end, of the running one an answer of the last hour.
spoken_of as (
    select answered_days_of.*
    from answered_days_of
    cross join asked
    where read_at >= day + interval 1 day or read_at >= asked.as_of - interval 1 hour
),
-- Answered minute by minute, the day tells what is its own.
minutes as (
    select
        number,
        day,
        bool_or(source = 'deployment') and bool_or(source = 'endpoint') as is_settled
    from spoken_of
    where asked_minutes = 1 and is_own_id
    group by number, day
),
shared as (
    select points.number, points.day, coalesce(any_value(minutes.is_settled), false) as is_settled
    from points
    left join minutes on minutes.number = points.number and minutes.day = points.day
    where points.is_shared
    group by points.number, points.day
),
settled as (
    select shared.number, p.source, p.day, 1 as grain_minutes, sum(p.requests) as requests
    from shared
    join managed on managed.number = shared.number
    join known_as
        on known_as.number = shared.number and known_as.known_as = known_as.deployment_key
    join measured_points as p on p.resource = known_as.known_resource and p.day = shared.day
    where shared.is_settled
        and p.asked_minutes = 1
        and p.requests is not null
        and p.starts_at >= managed.counts_from
    group by shared.number, p.source, p.day
),
requests_by_grain as (
    select number, source, day, grain_minutes, sum(requests) as requests
    from points
    where requests is not null and not is_shared
    group by number, source, day, grain_minutes
    union all by name
    select * from settled
),
requests as (
    select
        number,
        day,
        max(requests) filter (where source = 'deployment') as own_requests,
        max(requests) filter (where source = 'endpoint') as split_requests,
        max(requests) as requests
    from requests_by_grain
    group by number, day
),
signs as (
    select distinct number, day, starts_at
    from points
    where shows_life
),
life as (
    select number, day, count(*) as buckets
    from signs
    group by number, day
),
answered as (
    select
        spoken_of.number,
        spoken_of.day,
        max(read_at) filter (where of_requests and source = 'deployment') as own_requests_at,
        max(read_at) filter (where of_requests and source = 'endpoint') as split_requests_at,
        max(read_at) filter (where of_life and source = 'deployment') as capacity_at
    from spoken_of
    cross join asked
    where asked_minutes = asked.grain_minutes
        and spoken_of.day <= asked.today
        and (
            spoken_of.day = asked.today and read_at >= asked.as_of - interval 1 hour
            or spoken_of.day < asked.today and read_at >= spoken_of.day + interval 1 day
        )
    group by spoken_of.number, spoken_of.day
),
span as (
    select
        unnest(
            generate_series(
                least(
                    asked.window_first_day,
                    (select min(before) from carried),
                    (
                        select min(day)
                        from answered
                        where own_requests_at is not null or split_requests_at is not null
                    )
                ),
                asked.today,
                interval 1 day
            )
        )::date as day
    from asked
),
calendar as (
    select managed.number, managed.deployment_key, managed.born_after, span.day
    from managed
    join span
        on (managed.born_after is null or span.day >= managed.born_after::date)
        and (managed.first_day is null or span.day >= managed.first_day)
),
known as (
    select
        calendar.*,
        calendar.day >= asked.window_first_day as in_window,
        calendar.day = asked.today as is_today,
        requests.own_requests,
        requests.split_requests,
        requests.requests,
        answered.own_requests_at as own_answered_at,
        answered.split_requests_at as split_answered_at,
        answered.capacity_at as life_answered_at,
        answered.own_requests_at is not null and answered.split_requests_at is not null
            as both_answered,
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
        on requests.number = calendar.number and requests.day = calendar.day
    left join life on life.number = calendar.number and life.day = calendar.day
    left join shared on shared.number = calendar.number and shared.day = calendar.day
    left join answered
        on answered.number = calendar.number and answered.day = calendar.day
),
living as (
    select *, life_buckets + spare_buckets >= expected_buckets as is_alive
    from known
)
select
    number,
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
