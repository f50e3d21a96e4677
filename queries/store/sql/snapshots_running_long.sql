-- Question: which collections have been running since before a time?
-- Parameters: $before (UTC).
-- Columns: snapshot_id, started_at (UTC).
select snapshot_id, started_at
from snapshots
where status = 'running' and started_at < $before
order by started_at
