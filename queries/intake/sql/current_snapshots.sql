-- Question: which snapshots does what is shown now come from?
-- Parameters: none.
-- Columns: snapshot_id.
select distinct snapshot_id
from newest_reads
