-- Question: which deployments and endpoints are there, as far as is known?
-- Parameters: none.
-- Columns: id.
select deployments.id
from deployments
join newest_reads as newest
    on newest.workspace_key = deployments.workspace_key
    and newest.snapshot_id = deployments.snapshot_id
union
select id
from current_endpoints
