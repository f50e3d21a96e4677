-- Question: which tags were written to a deployment, by whom and why, oldest first?
-- Parameters: $deployment_key.
-- Columns: written_at (UTC), name, value (null: it was removed), written_by, action, reason.
select written_at, name, value, actor as written_by, action, reason
from tag_ledger
where resource_key = $deployment_key
order by sequence, value is not null, lower(name)
