-- Question: has the store a finished snapshot, and which began after the newest of them and has not
-- ended itself?
-- Parameters: none.
-- Columns: has_snapshot, unfinished_id (null: none), unfinished_status (running, stopped),
--   unfinished_since (UTC).
with
finished as (
    select max(started_at) as started_at
    from snapshots
    where kind = 'snapshot' and status in ('complete', 'partial')
),
unfinished as (
    select s.snapshot_id, s.status, s.started_at
    from snapshots as s
    cross join finished
    where s.kind = 'snapshot' and s.status in ('running', 'stopped')
        and (finished.started_at is null or s.started_at > finished.started_at)
    order by s.started_at desc
    limit 1
)
select
    finished.started_at is not null as has_snapshot,
    unfinished.snapshot_id as unfinished_id,
    unfinished.status as unfinished_status,
    unfinished.started_at as unfinished_since
from finished
left join unfinished on true
