-- Question: which cost queries went out a moment ago, by any run on this store?
-- Parameters: $since (UTC).
-- Columns: subscription_id (lower case), queries (how many), read_at (UTC).
select subscription_id, queries, read_at
from cost_reads
where read_at >= $since::timestamp and source = 'query'
