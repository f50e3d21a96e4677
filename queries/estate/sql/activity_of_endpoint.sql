-- Question: what was done to an endpoint, its deployments and its workspace, by the Activity Log?
-- Parameters: $endpoint_key.
-- Columns: operation (created, changed, deleted); deployment (in lower case; null: the endpoint
--   itself, or its workspace was deleted); started_at, happened_at (UTC); changed_by (null: nobody
--   is named); traffic, mirror (JSON maps; null: not known). Only what took effect, oldest first.
select
    operation,
    case when resource_key <> endpoint_key then split_part(resource_key, '/', -1) end as deployment,
    started_at,
    happened_at,
    changed_by,
    traffic,
    mirror
from (
    from activity
    where endpoint_key = $endpoint_key
    union all
    from activity
    where workspace_key = array_to_string(string_split($endpoint_key, '/')[1:9], '/')
        and endpoint_key is null
        and operation = 'deleted'
)
where took_effect
order by happened_at, started_at, correlation_id
