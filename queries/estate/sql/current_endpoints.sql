-- Question: which endpoints are there, as far as is known?
-- Parameters: none.
-- Columns: endpoint_key, id, subscription_id, workspace, name, kind (managed, kubernetes, batch,
--   serverless), snapshot_id (the newest that read it).
select endpoint_key, id, subscription_id, workspace, name, kind, snapshot_id
from current_endpoints
order by workspace, name
