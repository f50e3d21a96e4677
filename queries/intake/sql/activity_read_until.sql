-- Question: up to when was the Activity Log of each subscription read whole?
-- Parameters: none.
-- Columns: subscription_id (in lower case), last_at (UTC).
select subscription_id, max(last_at) as last_at
from activity_reads
group by subscription_id
