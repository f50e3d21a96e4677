-- Question: what could one snapshot not read?
-- Parameters: $snapshot_id.
-- Columns: those of the table holes.
select *
from holes
where snapshot_id = $snapshot_id
order by source, scope, code
