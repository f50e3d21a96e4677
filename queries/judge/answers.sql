-- Question: which days was Azure asked about, and answered?
-- Parameters: $deployment_key (only what was asked of it and its endpoint, under whatever group
--   they lay; null: all).
-- Columns: resource; source; asked_minutes (of the collection, or 1); of_requests, of_life (whether
--   its metrics tell requests, and capacity); first_day, last_day; read_at (UTC).
-- A guard rests on what it asked itself.
with
names as (
    select
        string_split($deployment_key::varchar, '/providers/')[2] as deployment,
        regexp_replace(
            string_split($deployment_key::varchar, '/providers/')[2], '/[^/]+/[^/]+$', ''
        ) as endpoint
),
wanted as (
    select list(resources.resource) as resources
    from resources
    join names
        on ends_with(resources.resource_key, '/providers/' || names.deployment)
        or ends_with(resources.resource_key, '/providers/' || names.endpoint)
),
answered as (
    select
        a.resources,
        a.source,
        a.asked_minutes,
        list_contains(a.metrics, 'RequestsPerMinute') as of_requests,
        list_contains(a.metrics, 'DeploymentCapacity') as of_life,
        a.first_day,
        a.last_day,
        a.read_at
    from metric_answers as a
    cross join asked
    cross join wanted
    where a.state = 'answered'
        and a.source in ('deployment', 'endpoint')
        and a.read_at <= asked.known_until
        and (
            a.asked_minutes = 1
            or (
                a.asked_minutes = asked.grain_minutes
                and (asked.kind = 'snapshot' or a.snapshot_id = asked.snapshot_id)
            )
        )
        and ($deployment_key::varchar is null or list_has_any(a.resources, wanted.resources))
),
of_resource as (
    select * exclude (resources), unnest(resources) as resource
    from answered
    where of_requests or of_life
)
select *
from of_resource
order by resource
