-- Question: was each managed deployment asked anything, and is its silence proven?
-- Columns: requests_seen (in the window, may be a fraction; null: none); is_proven_zero;
--   window_days_asked, window_days_known (days that must be proven, and those that are);
--   zero_days (of the window: a real zero), alive_days (no value, but alive), missing_days (not
--   answered, or empty without a sign of life), unanswered_days; last_unproven_on; quiet_days (proven days up to
--   yesterday, in a row); refusal (Azure's newest code); has_request_every_minute;
--   quiet_before (the first of the proven days in a row up to the window; null: there is none).
with
-- `days` is worked out once: it is as large as all the other answers together.
known_days as materialized (
    select number, day, in_window, is_today, requests, both_answered, is_alive, proven_zero
    from days
),
in_window as (
    select
        number,
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
    group by number
),
broken as (
    select number, max(day) as last_unproven_day
    from known_days
    where not proven_zero and not is_today
    group by number
),
quiet as (
    select
        known_days.number,
        count(*) + case
            when any_value(broken.last_unproven_day) is null
                then coalesce(any_value(carried.before - carried.quiet_from), 0)
            else 0
        end as quiet_days
    from known_days
    left join broken using (number)
    left join carried using (number)
    where not is_today
        and (broken.last_unproven_day is null or known_days.day > broken.last_unproven_day)
    group by known_days.number
),
-- Of the days before the window, those up to its first in a row.
older as (
    select
        number,
        min(day) as first_day,
        max(day) filter (where not proven_zero) as last_unproven_day
    from known_days
    where not in_window
    group by number
),
-- About one request a minute on each complete day of the window, of a week at least.
by_the_minute as (
    select number
    from known_days
    where in_window and not is_today
    group by number
    having count(*) >= 7
        and count(requests) = count(*)
        and min(requests) >= 1440 * 0.9
        and max(requests) <= 1440 * 1.1
),
refused as (
    select a.code, a.read_at, unnest(a.resources) as resource
    from metric_answers as a
    join asked on asked.snapshot_id = a.snapshot_id
    where a.state = 'refused'
        and a.source in ('deployment', 'endpoint')
        and list_has_any(a.metrics, ['RequestsPerMinute', 'DeploymentCapacity'])
),
refused_of as (
    select known_as.number, refused.code, refused.read_at
    from known_as
    join refused on refused.resource = known_as.known_resource
    where known_as.known_as = known_as.deployment_key
    union all
    select known_as.number, refused.code, refused.read_at
    from known_as
    join refused on refused.resource = known_as.known_endpoint_resource
    where known_as.known_as = known_as.deployment_key
),
refusals as (
    select number, arg_max(code, read_at) as refusal
    from refused_of
    group by number
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
    refusals.refusal,
    by_the_minute.number is not null as has_request_every_minute,
    case
        when older.last_unproven_day is null then coalesce(carried.quiet_from, older.first_day)
        when older.last_unproven_day + 1 < asked.window_first_day then older.last_unproven_day + 1
    end as quiet_before
from subjects
cross join asked
left join older on older.number = subjects.number
left join carried on carried.number = subjects.number
left join in_window on in_window.number = subjects.number
left join quiet on quiet.number = subjects.number
left join refusals on refusals.number = subjects.number
left join by_the_minute on by_the_minute.number = subjects.number
