-- Question: was each managed deployment asked anything, and is its silence proven?
-- Columns: requests_seen (in the window, may be a fraction; null: none); is_proven_zero;
--   window_days_asked, window_days_known (days that must be proven, and those that are);
--   zero_days (of the window: a real zero), alive_days (no value, but alive), missing_days (not
--   answered, or empty without a sign of life), unanswered_days; last_unproven_on; quiet_days (proven days up to
--   yesterday, in a row); last_request_at (start of the bucket, over all kept days);
--   newest_life_until (end of the newest bucket that shows it alive, a real zero too); refusal
--   (Azure's newest code); class_requests, class_failures (average requests by status class
--   in the window: of all classes, and of 5xx); has_request_every_minute.
with
-- `days` is worked out once: it is as large as all the other answers together.
known_days as materialized (
    select deployment_key, day, in_window, is_today, requests, both_answered, is_alive, proven_zero
    from days
),
in_window as (
    select
        deployment_key,
        sum(requests) filter (where requests > 0) as requests_seen,
        bool_and(proven_zero) as is_proven_zero,
        count(*) as window_days_asked,
        count(*) filter (where proven_zero) as window_days_known,
        count(*) filter (where not proven_zero and coalesce(requests, 0) = 0) as missing_days,
        count(*) filter (where not both_answered) as unanswered_days,
        max(day) filter (where not proven_zero) as last_unproven_on,
        count(*) filter (where requests = 0 and not is_today) as zero_days,
        count(*) filter (where requests is null and is_alive and not is_today) as alive_days
    from known_days
    where in_window
    group by deployment_key
),
broken as (
    select deployment_key, max(day) as last_unproven_day
    from known_days
    where not proven_zero and not is_today
    group by deployment_key
),
quiet as (
    select
        known_days.deployment_key,
        count(*) as quiet_days
    from known_days
    left join broken using (deployment_key)
    where not is_today
        and (broken.last_unproven_day is null or known_days.day > broken.last_unproven_day)
    group by known_days.deployment_key
),
-- About one request a minute on each complete day of the window, of a week at least.
by_the_minute as (
    select deployment_key
    from known_days
    where in_window and not is_today
    group by deployment_key
    having count(*) >= 7
        and count(requests) = count(*)
        and min(requests) >= 1440 * 0.9
        and max(requests) <= 1440 * 1.1
),
own_points as (
    select p.* exclude (deployment_key), known_as.deployment_key
    from measured_points as p
    join known_as on known_as.known_as = p.deployment_key
    join lives on lives.deployment_key = known_as.deployment_key
    cross join asked
    where p.starts_at < asked.as_of
        and (lives.counts_from is null or p.starts_at >= lives.counts_from)
),
requests as (
    select deployment_key, max(starts_at) as last_request_at
    from own_points
    where requests > 0
    group by deployment_key
),
life as (
    select
        own_points.deployment_key,
        max(least(own_points.measured_until, asked.as_of)) as newest_life_until
    from own_points
    cross join asked
    where own_points.asked_minutes = asked.grain_minutes and own_points.shows_life
    group by own_points.deployment_key
),
classes as (
    select
        own_points.deployment_key,
        sum(average) filter (where average > 0) as class_requests,
        coalesce(sum(average) filter (where status_class ilike '5xx'), 0) as class_failures
    from own_points
    cross join asked
    where source = 'endpoint by class' and metric = 'RequestsPerMinute'
        and own_points.starts_at >= asked.window_first_day
    group by own_points.deployment_key
),
refusals as (
    select subjects.deployment_key, arg_max(r.code, r.read_at) as refusal
    from metric_reads as r
    join asked on asked.snapshot_id = r.snapshot_id
    join subjects on r.resource_key in (subjects.deployment_key, subjects.endpoint_key)
    where r.state = 'refused' and r.metric in ('RequestsPerMinute', 'DeploymentCapacity')
        and r.source in ('deployment', 'endpoint')
    group by subjects.deployment_key
)
select
    subjects.deployment_key,
    in_window.requests_seen,
    coalesce(in_window.is_proven_zero, false) as is_proven_zero,
    coalesce(in_window.window_days_asked, 0) as window_days_asked,
    coalesce(in_window.window_days_known, 0) as window_days_known,
    coalesce(in_window.missing_days, 0) as missing_days,
    coalesce(in_window.unanswered_days, 0) as unanswered_days,
    in_window.last_unproven_on,
    coalesce(in_window.zero_days, 0) as zero_days,
    coalesce(in_window.alive_days, 0) as alive_days,
    coalesce(quiet.quiet_days, 0) as quiet_days,
    requests.last_request_at,
    life.newest_life_until,
    refusals.refusal,
    classes.class_requests,
    classes.class_failures,
    by_the_minute.deployment_key is not null as has_request_every_minute
from subjects
left join in_window on in_window.deployment_key = subjects.deployment_key
left join quiet on quiet.deployment_key = subjects.deployment_key
left join requests on requests.deployment_key = subjects.deployment_key
left join life on life.deployment_key = subjects.deployment_key
left join classes on classes.deployment_key = subjects.deployment_key
left join refusals on refusals.deployment_key = subjects.deployment_key
left join by_the_minute on by_the_minute.deployment_key = subjects.deployment_key
