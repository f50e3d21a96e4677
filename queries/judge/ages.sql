-- Question: is each deployment older than the minimum age?
-- Columns: first_life_at (the first value that any metric has of it: Azure keeps values only of
--   what exists); is_new (null: cannot be determined); known_since (the oldest proof of its existence, UTC);
--   age_basis (created, seen, alive or null).
-- Without a creation time an own snapshot or a sign of life proves existence; a first sign on a
-- day that began less than the minimum age ago makes it new.
with
life as (
    select p.deployment_key, min(p.starts_at) as first_life_at
    from metric_points as p
    join subjects on subjects.deployment_key = p.deployment_key
    group by p.deployment_key
)
select
    subjects.deployment_key,
    life.first_life_at,
    case
        when created_at is not null
            then created_at > asked.as_of - to_days(asked.minimum_age_days)
        when least(first_seen_at, first_life_at)
            <= asked.as_of - to_days(asked.minimum_age_days) then false
        when absent_at > asked.as_of - to_days(asked.minimum_age_days) then true
        when first_life_at::date::timestamp
            > asked.as_of - to_days(asked.minimum_age_days) then true
    end as is_new,
    coalesce(created_at, least(first_seen_at, first_life_at)) as known_since,
    case
        when created_at is not null then 'created'
        when first_life_at <= first_seen_at then 'alive'
        when first_seen_at is not null then 'seen'
    end as age_basis
from subjects
cross join asked
left join life on life.deployment_key = subjects.deployment_key
