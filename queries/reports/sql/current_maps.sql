-- Question: what is to know of the traffic map of each current endpoint beside its deployments?
-- Parameters: none.
-- Columns: endpoint_key; is_known (whether Azure reported the map); gone_names (given a share of live
--   traffic above 0, and not there).
select
    endpoints.endpoint_key,
    coalesce(any_value(endpoints.traffic_known), false) as is_known,
    coalesce(
        list(shares.spelt order by shares.spelt) filter (
            where shares.live_percent > 0 and present.deployment_key is null
        ),
        []
    ) as gone_names
from current_endpoints as endpoints
left join traffic_shares as shares
    on shares.snapshot_id = endpoints.snapshot_id
    and shares.endpoint_key = endpoints.endpoint_key
left join current_deployments as present
    on present.deployment_key = endpoints.endpoint_key || '/deployments/' || shares.deployment_name
where endpoints.kind in (select kind from vocabulary_kinds where is_online)
group by endpoints.endpoint_key
