-- Question: which raw definitions did another one follow long ago? Removes them.
-- Parameters: $before (UTC).
-- Columns: none; deletes from raw_resources.
delete from raw_resources
where exists (
    select 1
    from raw_resources as newer
    where newer.resource_key = raw_resources.resource_key
        and newer.seen_at > raw_resources.seen_at
        and newer.seen_at < $before
)
