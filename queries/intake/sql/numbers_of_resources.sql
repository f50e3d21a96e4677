-- Question: which number does each of these resources have?
-- Parameters: $resource_keys (list).
-- Columns: resource_key, resource; none for one that has no number yet.
select resources.resource_key, resources.resource
from resources
join (select unnest($resource_keys::varchar[]) as resource_key) as named
    on named.resource_key = resources.resource_key
