-- Question: what is known of the tables that never had a row?
-- Parameters: none.
-- Columns: none; inserts into the catalogue's own table.
insert into "__ducklake_metadata_store".ducklake_table_stats by name
select table_id, 0 as record_count, 0 as next_row_id, 0 as file_size_bytes
from "__ducklake_metadata_store".ducklake_table
where end_snapshot is null
    and table_id not in (select table_id from "__ducklake_metadata_store".ducklake_table_stats)
