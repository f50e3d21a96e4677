-- Question: in which state was the one endpoint that a guard read?
-- Parameters: $snapshot_id.
-- Columns: state (as Azure spells it, null: not told).
select provisioning_state as state
from endpoints
where snapshot_id = $snapshot_id
