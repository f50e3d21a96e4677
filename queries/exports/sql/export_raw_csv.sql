-- Question: what do the rows of a CSV export say, in the columns that matter?
-- Parameters: $file (its path, glob characters escaped), $packing (none, gzip or auto),
--   $partitioned (whether the names of its folders count as columns), $names (column names in
--   lower case).
-- Columns: none; makes export_raw: those of the names that the file has, all text.
create or replace temp table export_raw as
select columns(name -> list_contains($names, lower(name)))
from read_csv(
    [$file], delim = ',', quote = '"', escape = '"', comment = '', header = true, skip = 0,
    all_varchar = true, compression = $packing, hive_partitioning = $partitioned
)
