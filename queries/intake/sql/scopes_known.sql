-- Question: which of these subscriptions and workspaces has a snapshot read?
-- Parameters: $keys (their ARM ids in lower case).
-- Columns: key.
select subscription_key as key
from subscriptions
where subscription_key in (select unnest($keys))
union
select workspace_key
from workspaces
where workspace_key in (select unnest($keys))
