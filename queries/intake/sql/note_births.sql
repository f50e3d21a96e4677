-- Question: which operations made what a snapshot found? Notes it with them. Its deployments are in
--   `staged`.
-- Parameters: $snapshot_id.
-- Columns: none; sets made_at, the creation time of the endpoint or deployment, of the writes that
--   lasted around it (five minutes before and after count, since two clocks tell the times).
update activity_operations
set made_at = born.created_at
from (
    select deployment_key as resource_key, created_at
    from staged
    where created_at is not null
    union
    select endpoint_key, created_at
    from endpoints
    where snapshot_id = $snapshot_id and created_at is not null
) as born
where activity_operations.resource_key = born.resource_key
    and activity_operations.operation = 'write'
    and activity_operations.made_at is null
    and born.created_at between activity_operations.started_at - interval 5 minute
        and activity_operations.happened_at + interval 5 minute
