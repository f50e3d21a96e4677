-- Question: what do the rows of a CSV export say, in the columns that matter?
-- Parameters: $file (its path, glob characters escaped), $packing (none or gzip), $separator,
--   $columns (those of its header, each with the type VARCHAR), $partitioned (whether the names of
--   its folders count as columns), $names (column names in lower case).
-- Columns: none; makes export_raw: those of the names that the file has, all text.
create or replace temp table export_raw as
select columns(name -> list_contains($names, lower(name)))
from read_csv(
    [$file], columns = $columns, auto_detect = false, delim = $separator, quote = '"',
    escape = '"', comment = '', header = true, skip = 0, compression = $packing,
    hive_partitioning = $partitioned
)
