-- Question: which layout and basis has each file? Keeps what was found out.
-- Parameters: $files (JSON array of objects: file, layout, basis).
-- Columns: none; makes export_files.
create or replace temp table export_files as
select unnest(
    from_json_strict($files, '[{"file": "INTEGER", "layout": "VARCHAR", "basis": "VARCHAR"}]'),
    recursive := true
)
