-- Question: which months of which subscriptions were read, and when last?
-- Parameters: $basis (ActualCost or AmortizedCost).
-- Columns: subscription_id (lower case), month (its first day), read_at (UTC).
select subscription_id, month, max(read_at) as read_at
from cost_reads
where basis = $basis
group by subscription_id, month
