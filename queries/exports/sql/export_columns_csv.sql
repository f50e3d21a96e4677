-- Question: which columns does a CSV file have?
-- Parameters: $file (its path, glob characters escaped), $packing (none, gzip or auto),
--   $partitioned (whether the names of its folders count as columns).
-- Columns: those of the file; no rows.
select *
from read_csv(
    [$file], delim = ',', quote = '"', escape = '"', comment = '', header = true, skip = 0,
    all_varchar = true, compression = $packing, hive_partitioning = $partitioned
)
limit 0
