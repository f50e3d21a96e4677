-- Question: which columns does a Parquet file have?
-- Parameters: $file (its path, glob characters escaped), $partitioned (whether the names of its
--   folders count as columns).
-- Columns: those of the file; no rows.
select *
from read_parquet([$file], hive_partitioning = $partitioned)
limit 0
