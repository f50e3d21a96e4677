-- Question: until when did Azure ask to send no cost query?
-- Parameters: $now (UTC).
-- Columns: scope (such as /subscriptions/x, in lower case; null: any), until (UTC, after now).
select scope, max(until) as until
from cost_waits
where until > $now::timestamp
group by scope
