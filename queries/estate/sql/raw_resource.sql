-- Question: how did Azure describe a resource the last time that it changed?
-- Parameters: $resource_key.
-- Columns: body (JSON without values of environment variables), seen_at (UTC).
select body, seen_at
from raw_resources
where resource_key = $resource_key
order by seen_at desc
limit 1
