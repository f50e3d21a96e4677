-- Question: which tables and views does a shared store have that is read, by the catalogue's own tables?
-- Parameters: none.
-- Columns: name.
select table_name as name
from "__ducklake_metadata_reading".ducklake_table
where end_snapshot is null
union all
select view_name
from "__ducklake_metadata_reading".ducklake_view
where end_snapshot is null
order by name
