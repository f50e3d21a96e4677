-- Question: what is the newest that is known of each deployment?
-- Parameters: none.
-- Columns: those of the view current_deployments; tags (JSON object).
select
    current_deployments.*,
    (
        select json_group_object(tags.name, tags.value)
        from tags
        where tags.snapshot_id = current_deployments.snapshot_id
            and tags.resource_key = current_deployments.deployment_key
    )::varchar as tags
from current_deployments
order by workspace, endpoint, deployment
