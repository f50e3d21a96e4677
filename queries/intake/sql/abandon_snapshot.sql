-- Question: which snapshot was stopped before its end? Notes it; its metric values stay.
-- Parameters: $snapshot_id.
-- Columns: none; updates snapshots.
update snapshots
set status = 'stopped'
where snapshot_id = $snapshot_id
