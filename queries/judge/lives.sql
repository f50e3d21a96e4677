-- Question: from when on are the metric values under each deployment's ids its own?
-- Columns: counts_from (UTC; null: all of them are its own); metrics_begin_on (the day of its first
--   own value; null: it has none).
-- A value whose bucket ended before it was made was a predecessor's of the same name (azure.md
-- A17). Without one, the bucket in which it was made is all its own.
with
first_values as (
    select
        subjects.deployment_key,
        any_value(subjects.born_after) as born_after,
        min(p.starts_at + to_minutes(p.grain_minutes)) as first_ends_at,
        min(p.starts_at) filter (
            where subjects.born_after is null
                or p.starts_at + to_minutes(p.grain_minutes) > subjects.born_after
        )::date as metrics_begin_on
    from subjects
    join known_as on known_as.deployment_key = subjects.deployment_key
    join metric_points as p on p.deployment_key = known_as.known_as
    group by subjects.deployment_key
)
select
    subjects.deployment_key,
    case when first_values.first_ends_at <= first_values.born_after
        then first_values.born_after
    end as counts_from,
    first_values.metrics_begin_on
from subjects
left join first_values on first_values.deployment_key = subjects.deployment_key
