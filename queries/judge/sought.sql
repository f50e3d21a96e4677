-- Question: under which numbers may one deployment and its endpoint have been asked for metrics?
-- Parameters: $deployment_key (under whatever group they lay; null: all).
-- Columns: sought (list; null: all). It is kept as a variable, since what a scan may leave out must
--   be known before it begins.
with
names as (
    select
        string_split($deployment_key::varchar, '/providers/')[2] as deployment,
        regexp_replace(
            string_split($deployment_key::varchar, '/providers/')[2], '/[^/]+/[^/]+$', ''
        ) as endpoint
)
select case when $deployment_key is not null then coalesce(list(resources.resource), []) end
    as sought
from resources
join names
    on ends_with(resources.resource_key, '/providers/' || names.deployment)
    or ends_with(resources.resource_key, '/providers/' || names.endpoint)
