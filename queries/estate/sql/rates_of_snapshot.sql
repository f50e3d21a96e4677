-- Question: what did each deployment of a snapshot cost a month at that time, by the bill?
-- Parameters: $snapshot_id.
-- Columns: deployment_key; monthly_run_rate (the mean of the 7 newest billed days before the
--   snapshot that are at least two days old, a month of 365/12 days); currency. A deployment
--   without a billed day then, or with two currencies, has no row.
with
billed as (
    select held.deployment_key, costs.currency, costs.day, sum(costs.cost) as cost
    from judged_deployments as held
    join costs
        on costs.deployment_key = held.deployment_key
        and costs.day <= held.as_of::date - 2
        and costs.day > held.as_of::date - 32
        and (held.created_at is null or costs.day >= held.created_at::date)
    where held.snapshot_id = $snapshot_id
    group by all
),
newest as (
    select *
    from billed
    qualify row_number() over (partition by deployment_key, currency order by day desc) <= 7
)
select
    deployment_key,
    (sum(cost) / count(*) * 365 / 12)::decimal(18, 4) as monthly_run_rate,
    any_value(currency) as currency
from newest
group by deployment_key
having count(distinct currency) = 1
