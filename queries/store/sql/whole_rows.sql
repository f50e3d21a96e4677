-- Question: what did a snapshot find, in a table of a store that keeps it whole each time?
-- Parameters: $table (NAME_whole), $snapshot_id.
-- Columns: those of the table.
select *
from query_table($table)
where snapshot_id is not distinct from $snapshot_id
