-- Question: what do the days of its window come to, for one deployment and each thing measured?
-- Parameters: $deployment_key. It reads the judge's `asked`, `known_as` and `days` of that
--   deployment.
-- Columns: fact; source (whose metrics); days_wanted, days_known (UTC days that must be proven, and
--   those that were answered for); requests (whole, at least 1; null: none was seen); last_day_seen;
--   seen_days (with a request, or a sign of life), zero_days (with a real zero), empty_days (before
--   today, answered and without a value); read_at (UTC: the newest answer; null: none); code
--   (Azure's, of the newest refusal in this snapshot).
with
questions as (
    select *
    from (
        values
            (1, 'requests', 'deployment', 'RequestsPerMinute'),
            (2, 'aliveness', 'deployment', 'DeploymentCapacity'),
            (3, 'requests by split', 'endpoint', 'RequestsPerMinute')
    ) as known(place, fact, source, metric)
),
own_days as (
    select 'requests' as fact, day, is_today, own_answered_at as answered_at, own_requests as seen
    from days
    where in_window and deployment_key = $deployment_key
    union all
    select 'aliveness', day, is_today, life_answered_at, case when is_alive then 1 end
    from days
    where in_window and deployment_key = $deployment_key
    union all
    select 'requests by split', day, is_today, split_answered_at, split_requests
    from days
    where in_window and deployment_key = $deployment_key
),
counted as (
    select
        fact,
        count(*) as days_wanted,
        count(answered_at) as days_known,
        sum(seen) as requests,
        max(day) filter (where seen > 0) as last_day_seen,
        count(*) filter (where seen > 0) as seen_days,
        count(*) filter (where seen = 0) as zero_days,
        count(*) filter (where answered_at is not null and seen is null and not is_today)
            as empty_days,
        max(answered_at) as read_at
    from own_days
    group by fact
),
refused as (
    select questions.fact, arg_max(a.code, a.read_at) as code, max(a.read_at) as read_at
    from questions
    cross join asked
    join known_as
        on known_as.deployment_key = $deployment_key and known_as.known_as = $deployment_key
    join metric_answers as a
        on a.source = questions.source
        and a.asked_minutes = asked.grain_minutes
        and a.snapshot_id = asked.snapshot_id
    where a.state = 'refused'
        and list_contains(a.metrics, questions.metric)
        and list_contains(a.resources, case questions.source
            when 'deployment' then known_as.known_resource else known_as.known_endpoint_resource
        end)
    group by questions.fact
)
select
    questions.fact,
    questions.source,
    coalesce(counted.days_wanted, 0) as days_wanted,
    coalesce(counted.days_known, 0) as days_known,
    case when counted.requests > 0 then greatest(1, round(counted.requests))::bigint end as requests,
    counted.last_day_seen,
    coalesce(counted.seen_days, 0) as seen_days,
    coalesce(counted.zero_days, 0) as zero_days,
    coalesce(counted.empty_days, 0) as empty_days,
    coalesce(counted.read_at, refused.read_at) as read_at,
    refused.code
from questions
left join counted on counted.fact = questions.fact
left join refused on refused.fact = questions.fact
order by questions.place
