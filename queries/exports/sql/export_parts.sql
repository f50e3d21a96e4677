-- Question: what became of the rows of the bill: loaded for which part of it, or kept out?
-- Parameters: none.
-- Columns: subscription_id, month, basis, outcome (fitted, unallocated, skipped), reason (the part
--   as in the view costs, or why it was skipped), row_count, cost, currency.
with
present as (
    select deployment_key, created_at
    from current_deployments
),
parts as (
    select
        lines.*,
        case
            when months.is_kept then 'the store has more of the month'
            when lines.endpoint is null then 'training and shared'
            when lines.deployment is null then 'endpoint without deployment'
            when present.deployment_key is not null
                and (present.created_at is null or lines.day >= present.created_at::date)
                then 'deployment'
            else 'deleted deployment'
        end as reason,
        case
            when months.is_kept then 'skipped'
            when reason = 'deployment' then 'fitted'
            else 'unallocated'
        end as outcome
    from export_lines as lines
    join export_months as months
        on months.subscription_id = lines.subscription_id and months.month = lines.month
        and months.basis = lines.basis
    left join present
        on present.deployment_key = lines.resource_key || '/onlineendpoints/' || lines.endpoint
            || '/deployments/' || lines.deployment
)
select
    subscription_id, month, basis, outcome, reason,
    sum(row_count)::bigint as row_count, sum(cost) as cost, currency
from parts
group by subscription_id, month, basis, outcome, reason, currency
order by all
