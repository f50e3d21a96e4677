-- Question: which tags did a snapshot find, in a store that keeps them whole each time?
-- Parameters: $snapshot_id.
-- Columns: snapshot_id, resource_key, tags (list, in the order in which they were kept).
select
    snapshot_id,
    resource_key,
    list({name: name, value: value} order by rowid) as tags
from tags_whole
where snapshot_id is not distinct from $snapshot_id
group by snapshot_id, resource_key
