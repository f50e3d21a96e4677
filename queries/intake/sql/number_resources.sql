-- Question: which of these resources have no number yet? Gives each the next one.
-- Parameters: $resource_keys (list).
-- Columns: none; inserts into resources.
insert into resources
select
    (
        coalesce((select max(resource) from resources), 0)
        + row_number() over (order by resource_key)
    )::integer,
    resource_key
from (select distinct unnest($resource_keys::varchar[]) as resource_key) as named
where resource_key not in (select resource_key from resources)
