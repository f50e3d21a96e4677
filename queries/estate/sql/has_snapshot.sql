-- Question: has the store a finished snapshot?
-- Parameters: none.
-- Columns: has_snapshot.
select count(*) > 0 as has_snapshot
from snapshots
where kind = 'snapshot' and status in ('complete', 'partial')
