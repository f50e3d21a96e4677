-- Question: which snapshots does the store have, newest first?
-- Parameters: none.
-- Columns: snapshot_id, status, started_at, finished_at (UTC), window_days, deployments, read_errors.
select
    snapshots.snapshot_id,
    snapshots.status,
    snapshots.started_at,
    snapshots.finished_at,
    snapshots.window_days,
    (select count(*) from deployments as d where d.snapshot_id = snapshots.snapshot_id)
        as deployments,
    (select count(*) from holes as h where h.snapshot_id = snapshots.snapshot_id) as read_errors
from snapshots
where kind = 'snapshot'
order by started_at desc
