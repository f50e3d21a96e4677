-- Question: which of these endpoints had a request on any deployment in the window?
-- Parameters: $endpoint_keys (list), $window_first_day (UTC date).
-- Columns: endpoint_key.
with
wanted as (
    select unnest($endpoint_keys::varchar[]) as endpoint_key
),
members as (
    select wanted.endpoint_key, resources.resource
    from resources
    join wanted
        on regexp_replace(resources.resource_key, '/deployments/[^/]*$', '') = wanted.endpoint_key
)
select distinct members.endpoint_key
from members
join measured_points as points on points.resource = members.resource
where points.requests > 0
    and points.asked_minutes = 1440
    and points.starts_at >= $window_first_day
