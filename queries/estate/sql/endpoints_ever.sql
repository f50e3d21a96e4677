-- Question: which endpoints did any snapshot see, deleted ones too?
-- Parameters: none.
-- Columns: endpoint_key, id (null: only its deployments were read), workspace, endpoint.
select
    endpoint_key,
    arg_max(id, snapshot_id) as id,
    arg_max(workspace, snapshot_id) as workspace,
    arg_max(endpoint, snapshot_id) as endpoint
from (
    select snapshot_id, endpoint_key, id, workspace, name as endpoint from endpoints
    union all
    select snapshot_id, endpoint_key, null, workspace, endpoint from deployments
)
group by endpoint_key
order by workspace, endpoint, endpoint_key
