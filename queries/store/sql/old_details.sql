-- Question: how many rows beside snapshots are too old to be asked for again?
-- Parameters: $before (UTC).
-- Columns: name (of the table), rows. Hourly values of guards, and raw definitions that another
--   one followed before that time; daily values and all else are kept for good.
select 'metric_values' as name, count(*) as rows
from metric_values
where asked_minutes < 1440 and starts_at < $before
union all
select 'metric_answers', count(*)
from metric_answers
where asked_minutes < 1440 and read_at < $before
union all
select 'raw_resources', count(*)
from raw_resources as older
where exists (
    select 1
    from raw_resources as newer
    where newer.resource_key = older.resource_key
        and newer.seen_at > older.seen_at
        and newer.seen_at < $before
)
