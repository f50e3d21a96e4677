-- A scope that was read in part shows what was read, and says of nothing that it is gone.

-- The newest snapshot that read each workspace, wholly or with its subscription; one that read all
-- but a few rows of it counts too. Only whole reads (`inventory`) tell that something is not there.
create or replace view newest_reads as
with known as (
    select distinct workspace_key, '/subscriptions/' || lower(subscription_id) as subscription_key
    from workspaces
    union
    select distinct workspace_key, '/subscriptions/' || lower(subscription_id)
    from deployments
)
select
    known.workspace_key,
    arg_max(snapshots.snapshot_id, snapshots.started_at) as snapshot_id,
    max(snapshots.started_at) as started_at
from known
join scope_reads as reads
    on reads.source in ('inventory', 'inventory in part')
    and reads.scope_key in (known.workspace_key, known.subscription_key)
join snapshots
    on snapshots.snapshot_id = reads.snapshot_id
    and snapshots.kind = 'snapshot'
    and snapshots.status in ('complete', 'partial')
group by known.workspace_key;
