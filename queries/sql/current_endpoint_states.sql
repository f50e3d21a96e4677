-- Question: in which state is each endpoint, as far as is known?
-- Parameters: none.
-- Columns: endpoint_key, state (as Azure spells it, null: not told).
select endpoint_key, provisioning_state as state
from current_endpoints
