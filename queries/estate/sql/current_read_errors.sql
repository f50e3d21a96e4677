-- Question: what is missing from the data that is shown now?
-- Parameters: none.
-- Columns: those of the table holes. Read errors of the newest snapshot, and of the older ones that
--   still stand for a scope.
select distinct holes.*
from holes
where holes.snapshot_id in (select snapshot_id from newest_reads)
    or holes.snapshot_id = (
        select arg_max(snapshot_id, started_at)
        from snapshots
        where kind = 'snapshot' and status in ('complete', 'partial')
    )
order by source, scope, code
