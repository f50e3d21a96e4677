-- Question: which of these resources have no number yet? Gives each the next one.
-- Parameters: $resource_keys (list, no key twice).
-- Columns: none; inserts into resources.
insert into resources
select
    (
        coalesce((select max(resource) from resources), 0)
        + row_number() over (order by named.resource_key)
    )::integer,
    named.resource_key
from (select unnest($resource_keys::varchar[]) as resource_key) as named
anti join resources on resources.resource_key = named.resource_key
