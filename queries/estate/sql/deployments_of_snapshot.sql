-- Question: what did one snapshot conclude of each deployment that it read?
-- Parameters: $snapshot_id.
-- Columns: those of the view listed_deployments.
select *
from listed_deployments
where snapshot_id = $snapshot_id
order by
    kind <> 'managed',
    list_price_per_month is not null,
    ranking_amount desc nulls first,
    workspace, endpoint, deployment
