-- Question: which raw resources differ from what the store kept last? Keeps them.
-- Parameters: $rows (JSON array of raw_resources), $shape (its types).
-- Columns: none; adds to raw_resources.
insert into raw_resources by name
select told.*
from (select unnest(from_json_strict($rows, $shape), recursive := true)) as told
left join (
    select resource_key, arg_max(content_hash, seen_at) as content_hash
    from raw_resources
    group by resource_key
) as kept on kept.resource_key = told.resource_key
where kept.content_hash is distinct from told.content_hash
