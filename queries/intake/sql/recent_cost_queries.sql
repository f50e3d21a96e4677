-- Question: which cost queries went out a moment ago, by any run on this store?
-- Parameters: $since (UTC).
-- Columns: scope (such as /subscriptions/x, in lower case), sent_at (UTC); a row for each query.
select scope, sent_at
from cost_queries
where sent_at >= $since::timestamp
