-- Question: what does the export bill? Takes it in beside the store's tables.
-- Parameters: $path (of the Parquet file with the lines).
-- Columns: none; makes the temporary table export_lines.
create or replace temp table export_lines as
from read_parquet($path)
