-- Question: which snapshots are older than a time, and no scope's newest?
-- Parameters: $before (UTC).
-- Columns: snapshot_id. Those that were pruned before are left out.
with
newest as (
    select reads.source, reads.scope_key, arg_max(s.snapshot_id, s.started_at) as snapshot_id
    from scope_reads as reads
    join snapshots as s
        on s.snapshot_id = reads.snapshot_id
        and s.kind = 'snapshot'
        and s.status in ('complete', 'partial')
    group by reads.source, reads.scope_key
)
select snapshot_id
from snapshots
where started_at < $before
    and status <> 'pruned'
    and snapshot_id not in (select snapshot_id from newest)
order by started_at
