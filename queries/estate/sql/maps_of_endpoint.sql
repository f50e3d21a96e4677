-- Question: what did each look at an endpoint see in its traffic and mirror maps?
-- Parameters: $endpoint_key.
-- Columns: seen_at (UTC), deployment (in lower case; null where both maps were empty), percent
--   (live and mirrored together). A look that could not read the map is left out.
select
    snapshots.started_at as seen_at,
    shares.deployment_name as deployment,
    shares.live_percent + shares.mirror_percent as percent
from endpoints
join snapshots on snapshots.snapshot_id = endpoints.snapshot_id
left join traffic_shares as shares
    on shares.snapshot_id = endpoints.snapshot_id
    and shares.endpoint_key = endpoints.endpoint_key
where endpoints.endpoint_key = $endpoint_key and endpoints.traffic_known
order by seen_at, snapshots.snapshot_id
