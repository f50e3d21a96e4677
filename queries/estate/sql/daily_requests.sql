-- Question: how many requests had some deployments on each UTC day of a span?
-- Parameters: $deployment_keys (list), $first_day, $last_day (dates, both inclusive).
-- Columns: deployment_key; day; requests (the larger of the deployment's and the endpoint's namespace; 0
--   where both hold a value for the day). A day that neither proves has no row.
with
wanted as (
    select unnest($deployment_keys::varchar[]) as deployment_key
),
by_grain as (
    select
        points.deployment_key,
        points.day,
        points.source,
        sum(points.requests) as requests
    from measured_points as points
    semi join wanted on wanted.deployment_key = points.deployment_key
    where points.day between $first_day and $last_day and points.requests is not null
    group by points.deployment_key, points.day, points.source, points.grain_minutes
)
select
    deployment_key,
    day,
    max(requests) as requests
from by_grain
group by deployment_key, day
having max(requests) > 0 or count(distinct source) = 2
order by deployment_key, day
