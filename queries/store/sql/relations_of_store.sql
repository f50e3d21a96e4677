-- Question: which tables and views does a shared store have, by the catalogue's own tables?
-- Parameters: none.
-- Columns: name.
select table_name as name
from "__ducklake_metadata_store".ducklake_table
where end_snapshot is null
union all
select view_name
from "__ducklake_metadata_store".ducklake_view
where end_snapshot is null
order by name
