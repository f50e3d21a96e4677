-- Question: which deployments were deleted since then, and are still gone in this snapshot?
-- Parameters: $snapshot_id, $since (UTC).
-- Columns: deployment_key, target (its id as journalled), deleted_at (UTC, when the newest deletion
--   was known to be done), watched_at (UTC) and reported (a JSON object): the newest entry of the
--   watch since then, null where there is none. Only deployments whose endpoint the snapshot saw;
--   of what went with its endpoint, those whose workspace it saw.
with
journalled as (
    select *, '/' || lower(trim(target, '/')) as deployment_key
    from journal
    where action in ('delete', 'delete-endpoint', 'watch')
        and contains(lower(target), '/deployments/')
),
deletions as (
    select
        deployment_key,
        arg_max(target, sequence) as target,
        arg_max(action, sequence) as action,
        max(happened_at) as deleted_at
    from journalled
    where action <> 'watch' and outcome in ('deleted', 'raced')
    group by deployment_key
)
select
    deletions.deployment_key,
    deletions.target,
    deletions.deleted_at,
    max(watched.happened_at) as watched_at,
    arg_max(watched.evidence, watched.sequence) as reported
from deletions
left join endpoints
    on endpoints.snapshot_id = $snapshot_id
    and endpoints.endpoint_key = regexp_replace(deletions.deployment_key, '/deployments/[^/]+$', '')
left join workspaces
    on workspaces.snapshot_id = $snapshot_id
    and workspaces.workspace_key
        = regexp_replace(deletions.deployment_key, '/onlineendpoints/.+$', '')
left join journalled as watched
    on watched.action = 'watch'
    and watched.deployment_key = deletions.deployment_key
    and watched.happened_at >= deletions.deleted_at
left join deployments as again
    on again.snapshot_id = $snapshot_id and again.deployment_key = deletions.deployment_key
where deletions.deleted_at >= $since
    and again.deployment_key is null
    and (
        endpoints.endpoint_key is not null
        or (deletions.action = 'delete-endpoint' and workspaces.workspace_key is not null)
    )
group by deletions.deployment_key, deletions.target, deletions.deleted_at
order by deletions.deleted_at desc, deletions.deployment_key
