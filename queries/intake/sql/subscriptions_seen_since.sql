-- Question: which subscriptions held a workspace not long ago? Its bill outlives it.
-- Parameters: $since (UTC).
-- Columns: subscription_id (lower case).
select distinct lower(workspaces.subscription_id) as subscription_id
from workspaces
join snapshots on snapshots.snapshot_id = workspaces.snapshot_id
where snapshots.kind = 'snapshot' and snapshots.started_at >= $since::timestamp
