-- Question: on which days did a name change hands while somebody called it?
-- Parameters: $creations (JSON array; each with deployment_key and created_at, UTC),
--   $window_first_day (date).
-- Columns: deployment_key, day (UTC, that of its creation). Only days with a request, whose minutes
--   no answer has given yet.
with
created as (
    select one.*, one.created_at::date as day, resources.resource
    from (
        select unnest(
            from_json_strict(
                $creations, '[{"deployment_key": "VARCHAR", "created_at": "TIMESTAMP"}]'
            ),
            recursive := true
        )
    ) as one
    join resources on resources.resource_key = one.deployment_key
    where one.created_at >= $window_first_day
),
called as (
    select created.*
    from created
    where exists (
        from measured_points as points
        where points.resource = created.resource
            and points.asked_minutes = 1440
            and points.requests > 0
            and points.day = created.day
    )
),
taken_over as (
    select called.*
    from called
    where exists (
        from metric_values as before
        where before.resource = called.resource
            and before.starts_at + to_minutes(before.grain_minutes) <= called.created_at
    )
),
-- Answers about the minutes of a day that had ended.
known as (
    select unnest(resources) as resource, first_day, last_day, read_at
    from metric_answers
    where state = 'answered' and asked_minutes = 1
)
select taken_over.deployment_key, taken_over.day
from taken_over
where not exists (
    from known
    where known.resource = taken_over.resource
        and taken_over.day between known.first_day and known.last_day
        and known.read_at >= taken_over.day + interval 1 day
)
