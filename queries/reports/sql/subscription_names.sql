-- Question: what is each subscription called?
-- Parameters: none.
-- Columns: subscription_id (lower case), name (as the newest snapshot saw it).
select lower(subscription_id) as subscription_id, arg_max(name, snapshot_id) as name
from subscriptions
group by lower(subscription_id)
