-- Question: which days of what were answered, and which were refused? Notes them.
-- Parameters: $answers (JSON array; each with snapshot_id, resource_keys, source, metrics,
--   asked_minutes, first_day, last_day, state, code, read_at (UTC)).
-- Columns: none; inserts into metric_answers. Every resource must have a number.
insert into metric_answers by name
with
noted as (
    select
        unnest(from_json_strict(
            $answers,
            '[{
                "snapshot_id": "VARCHAR", "resource_keys": ["VARCHAR"], "source": "VARCHAR",
                "metrics": ["VARCHAR"], "asked_minutes": "INTEGER", "first_day": "DATE",
                "last_day": "DATE", "state": "VARCHAR", "code": "VARCHAR", "read_at": "TIMESTAMP"
            }]'
        ), max_depth := 2)
),
placed as (
    select row_number() over () as place, *
    from noted
),
of_resource as (
    select * exclude (resource_keys), unnest(resource_keys) as resource_key
    from placed
)
select
    any_value(asked.snapshot_id) as snapshot_id,
    list(resources.resource order by resources.resource) as resources,
    any_value(asked.source) as source,
    any_value(asked.metrics) as metrics,
    any_value(asked.asked_minutes) as asked_minutes,
    any_value(asked.first_day) as first_day,
    any_value(asked.last_day) as last_day,
    any_value(asked.state) as state,
    any_value(asked.code) as code,
    any_value(asked.read_at) as read_at
from of_resource as asked
join resources on resources.resource_key = asked.resource_key
group by asked.place
order by asked.place
