-- Question: of which deployments can the age not be determined from signs of life and own snapshots?
-- Parameters: $deployment_keys (list; those without a creation time), $as_of (UTC),
--   $window_first_day (date), $minimum_age_days.
-- Columns: deployment_key.
with
doubtful as (
    select unnest($deployment_keys::varchar[]) as deployment_key
),
life as (
    select p.deployment_key, min(p.starts_at) as first_life_at
    from metric_points as p
    join doubtful on doubtful.deployment_key = p.deployment_key
    group by p.deployment_key
)
select doubtful.deployment_key
from doubtful
left join life on life.deployment_key = doubtful.deployment_key
where not coalesce(
    life.first_life_at < $window_first_day::timestamp
    or life.first_life_at::date::timestamp
        > $as_of::timestamp - to_days($minimum_age_days::integer),
    false
)
