-- Question: how many rows of a table belong to some snapshots?
-- Parameters: $table, $snapshot_ids (list).
-- Columns: rows.
select count(*) as rows
from query_table($table)
where snapshot_id in (select unnest($snapshot_ids::varchar[]))
