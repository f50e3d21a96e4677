-- Question: which raw resources differ from what the store kept last? Keeps them.
-- Parameters: $rows (JSON array of raw_resources), $shape (its types).
-- Columns: none; adds to raw_resources.
insert into raw_resources by name
with
found as (
    select unnest(from_json_strict($rows, $shape), max_depth := 2)
),
kept as (
    select resource_key, arg_max(content_hash, seen_at) as content_hash
    from raw_resources
    semi join found using (resource_key)
    group by resource_key
)
select found.*
from found
left join kept on kept.resource_key = found.resource_key
where kept.content_hash is distinct from found.content_hash
