-- Question: which days does the export cover? Takes them in beside the store's tables.
-- Parameters: $path (of the Parquet file with the days).
-- Columns: none; makes the temporary table export_days.
create or replace temp table export_days as
from read_parquet($path)
