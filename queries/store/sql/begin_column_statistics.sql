-- Question: what is known of the columns of tables that never had a row? As of one without values.
-- Parameters: none.
-- Columns: none; inserts into the catalogue's own table.
insert into "__ducklake_metadata_store".ducklake_table_column_stats by name
select table_id, column_id, true as contains_null
from "__ducklake_metadata_store".ducklake_column as own
where end_snapshot is null
    and table_id not in (select table_id from "__ducklake_metadata_store".ducklake_table_stats)
    and table_id in (
        select table_id from "__ducklake_metadata_store".ducklake_table where end_snapshot is null
    )
    and not exists (
        from "__ducklake_metadata_store".ducklake_column as inner_ones
        where inner_ones.parent_column = own.column_id and inner_ones.table_id = own.table_id
    )
