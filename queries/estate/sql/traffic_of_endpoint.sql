-- Question: which deployment of an endpoint held what share, in every snapshot?
-- Parameters: $endpoint_key.
-- Columns: seen_at (UTC), deployment (as spelt), live_percent, mirror_percent.
select seen_at, deployment, live_percent, mirror_percent
from traffic_history
where endpoint_key = $endpoint_key
order by seen_at, deployment
