-- Question: which snapshot was stopped before its end? Notes it; its metric values stay. One that
--   has ended, where only the closing of the store failed, stays what it is.
-- Parameters: $snapshot_id.
-- Columns: none; updates snapshots.
update snapshots
set status = 'stopped'
where snapshot_id = $snapshot_id and status = 'running'
