-- Question: how many requests do the endpoints' metrics count for deployments after their deletion?
-- Parameters: $deletions (JSON array; each with deployment_key and deleted_at, UTC).
-- Columns: deployment_key, requests (whole, at least 1), last_day (UTC). One
--   that was not called has no row.
-- The day of the deletion has one value for what came before and after: it counts only where the
-- guard, which looked at that day hour by hour, saw no request before.
with
deletions as (
    select unnest(
        from_json_strict($deletions, '[{"deployment_key": "VARCHAR", "deleted_at": "TIMESTAMP"}]'),
        recursive := true
    )
),
by_grain as (
    select
        points.deployment_key,
        points.asked_minutes,
        points.grain_minutes,
        points.day,
        sum(points.requests) as requests
    from measured_points as points
    join deletions on deletions.deployment_key = points.deployment_key
    where points.source = 'endpoint'
        and points.requests is not null
        and points.day >= deletions.deleted_at::date
        and (points.asked_minutes = 1440 or points.starts_at < deletions.deleted_at)
    group by points.deployment_key, points.asked_minutes, points.grain_minutes, points.day
),
by_day as (
    select
        deployment_key,
        day,
        coalesce(max(requests) filter (where asked_minutes = 1440), 0) as requests,
        coalesce(max(requests) filter (where asked_minutes = 60), 0) as counted_before
    from by_grain
    group by deployment_key, day
)
select
    deployment_key,
    greatest(1, round(sum(requests)))::bigint as requests,
    max(day) as last_day
from by_day
where requests > 0 and counted_before = 0
group by deployment_key
