-- Question: by what is a note beside the store known to be of this store?
-- Parameters: none.
-- Columns: kind (first_hash: of the journal's first entry; snapshot_id), mark.
select 'first_hash' as kind, hash as mark
from journal
where sequence = 1
union all
select 'snapshot_id', snapshot_id
from snapshots
