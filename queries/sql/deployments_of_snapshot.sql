-- Question: what did one snapshot conclude of each deployment that it read?
-- Parameters: $snapshot_id.
-- Columns: those of the view judged_deployments; tags (JSON object).
select
    judged_deployments.*,
    (
        select json_group_object(tags.name, tags.value)
        from tags
        where tags.snapshot_id = judged_deployments.snapshot_id
            and tags.resource_key = judged_deployments.deployment_key
    )::varchar as tags
from judged_deployments
where judged_deployments.snapshot_id = $snapshot_id
order by workspace, endpoint, deployment
