-- Question: of which subscriptions did Azure ever say that they have no bill to read?
-- Parameters: $source, $code (of the read error that says so).
-- Columns: subscription_id (lower case).
select distinct split_part(lower(scope), '/', 1) as subscription_id
from holes
where source = $source and code = $code
