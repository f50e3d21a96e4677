-- Question: which of these endpoints had a request on any deployment in the window?
-- Parameters: $endpoint_keys (list), $window_first_day (UTC date).
-- Columns: endpoint_key.
select distinct wanted.endpoint_key
from (select unnest($endpoint_keys::varchar[]) as endpoint_key) as wanted
join daily_requests as days
    on regexp_replace(days.deployment_key, '/deployments/[^/]*$', '') = wanted.endpoint_key
where days.requests > 0 and days.day >= $window_first_day
