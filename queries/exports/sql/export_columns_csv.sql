-- Question: which columns does a CSV file have?
-- Parameters: $file (its path, glob characters escaped), $packing (none or gzip), $separator,
--   $columns (those of its header, each with the type VARCHAR), $partitioned (whether the names of
--   its folders count as columns).
-- Columns: those of the file; no rows.
select *
from read_csv(
    [$file], columns = $columns, auto_detect = false, delim = $separator, quote = '"',
    escape = '"', comment = '', header = true, skip = 0, compression = $packing,
    hive_partitioning = $partitioned
)
limit 0
