-- Question: which run is each file a part of? Keeps what the names tell.
-- Parameters: $runs (JSON array of objects: run, export, path, file).
-- Columns: none; makes export_runs: run (number), export (what its runs of one period have in
--   common), path, file (number of the one that was read: another's, where the path is a copy).
create or replace temp table export_runs as
select unnest(
    from_json_strict(
        $runs, '[{"run": "INTEGER", "export": "VARCHAR", "path": "VARCHAR", "file": "INTEGER"}]'
    ),
    recursive := true
)
