-- Question: who created what a snapshot found, where Azure reports nobody? Fills it in.
-- Parameters: $snapshot_id.
-- Columns: none; sets created_by of deployments by the Activity Log: by the write that made what
--   was created then, or the newest one that made something where its creation is not known.
update deployments
set created_by = makers.created_by
from (
    select
        found.deployment_key,
        arg_max(done.changed_by, done.happened_at) as created_by
    from deployments as found
    join activity as done
        on done.resource_key = found.deployment_key
        and done.operation = 'created'
        and coalesce(done.made_at = found.created_at, found.created_at is null)
    where found.snapshot_id = $snapshot_id and found.created_by is null
    group by found.deployment_key
) as makers
where deployments.snapshot_id = $snapshot_id
    and deployments.deployment_key = makers.deployment_key
