-- Question: on which days did a name change hands while somebody called it?
-- Parameters: $creations (JSON array; each with deployment_key and created_at, UTC),
--   $window_first_day (date).
-- Columns: deployment_key, day (UTC, that of its creation). Only days with a request, whose minutes
--   no answer has given yet.
with
created as (
    select unnest(
        from_json_strict($creations, '[{"deployment_key": "VARCHAR", "created_at": "TIMESTAMP"}]'),
        recursive := true
    )
),
asked as (
    select created.*, created.created_at::date as day
    from created
    join daily_requests as days
        on days.deployment_key = created.deployment_key
        and days.day = created.created_at::date
        and days.requests > 0
    where created.created_at >= $window_first_day
)
select distinct asked.deployment_key, asked.day
from asked
join metric_points as before
    on before.deployment_key = asked.deployment_key
    and before.starts_at + to_minutes(before.grain_minutes) <= asked.created_at
left join answered_days as known
    on known.resource_key = asked.deployment_key
    and known.day = asked.day
    and known.asked_minutes = 1
    and known.is_whole
where known.resource_key is null
