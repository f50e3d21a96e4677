-- Question: which snapshots have only their time and their shares of traffic left? Notes it.
-- Parameters: $snapshot_ids (list).
-- Columns: none; updates snapshots.
update snapshots
set status = 'pruned'
where snapshot_id in (select unnest($snapshot_ids::varchar[]))
