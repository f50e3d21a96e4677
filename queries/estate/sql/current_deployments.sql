-- Question: what is the newest that is known of each deployment?
-- Parameters: none.
-- Columns: those of the view listed_deployments; place (in the order of the list, from 1).
select
    listed.*,
    row_number() over (
        order by
            listed.kind <> 'managed',
            listed.list_price_per_month is not null,
            listed.ranking_amount desc nulls first,
            workspace, endpoint, deployment
    ) as place
from listed_deployments as listed
join newest_reads as newest
    on newest.workspace_key = listed.workspace_key and newest.snapshot_id = listed.snapshot_id
order by place
