-- Question: who created what a snapshot found, where Azure reports nobody? Fills it in.
-- Parameters: none.
-- Columns: none; sets created_by in `staged`, the deployments of one snapshot, by the Activity
--   Log: by the write that made what was created then, or the newest one that made something where
--   its creation is not known.
update staged
set created_by = makers.created_by
from (
    select
        found.deployment_key,
        arg_max(done.changed_by, done.happened_at) as created_by
    from staged as found
    join activity as done
        on done.resource_key = found.deployment_key
        and done.operation = 'created'
        and coalesce(done.made_at = found.created_at, found.created_at is null)
    where found.created_by is null
    group by found.deployment_key
) as makers
where staged.deployment_key = makers.deployment_key
