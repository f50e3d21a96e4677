-- Question: which snapshot does the listing have a deployment from?
-- Parameters: $deployment_key.
-- Columns: snapshot_id. Known before a scan begins, it leaves out what other snapshots said.
select snapshot_id
from listing
where deployment_key = $deployment_key
