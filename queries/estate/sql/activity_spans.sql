-- Question: which times of the Activity Log were read of the subscription that an endpoint is in?
-- Parameters: $endpoint_key.
-- Columns: first_at, last_at (UTC), oldest first; they may overlap.
select first_at, last_at
from activity_reads
where subscription_id = split_part($endpoint_key, '/', 3)
order by first_at
