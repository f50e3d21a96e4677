-- Question: which maps did a snapshot find, in a store that keeps them whole each time?
-- Parameters: $snapshot_id.
-- Columns: snapshot_id, endpoint_key, shares (list, in the order in which they were kept).
select
    snapshot_id,
    endpoint_key,
    list(
        {
            deployment_name: deployment_name,
            spelt: spelt,
            live_percent: live_percent,
            mirror_percent: mirror_percent
        }
        order by rowid
    ) as shares
from traffic_shares_whole
where snapshot_id is not distinct from $snapshot_id
group by snapshot_id, endpoint_key
