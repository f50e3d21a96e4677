-- Question: what do the rows of a Parquet export say, in the columns that matter?
-- Parameters: $file (its path, glob characters escaped), $partitioned (whether the names of its
--   folders count as columns), $names (column names in lower case).
-- Columns: none; makes export_raw: those of the names that the file has, all text (tags as JSON).
create or replace temp table export_raw as
-- As text once: a time takes long to write, and is looked at more than once.
select columns(name -> list_contains($names, lower(name)))::varchar
from (
    -- Tags may be a map; as JSON it reads like the text of the other layouts.
    select * replace (
        case when typeof(tags) = 'VARCHAR' then tags::varchar else to_json(tags)::varchar end
            as tags
    )
    from read_parquet([$file], hive_partitioning = $partitioned)
)
