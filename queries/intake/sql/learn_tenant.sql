-- Question: whose store is it, once that can be determined? Notes it.
-- Parameters: $tenant_id.
-- Columns: none; updates store_identity.
update store_identity
set tenant_id = $tenant_id
