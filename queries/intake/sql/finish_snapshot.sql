-- Question: how did a snapshot end? Notes it.
-- Parameters: $snapshot_id, $status, $finished_at (UTC), $requests (JSON by source), $throttled.
-- Columns: none; updates snapshots.
update snapshots
set
    status = $status,
    finished_at = $finished_at,
    requests = $requests,
    throttled = $throttled
where snapshot_id = $snapshot_id
