-- Question: what did serving cost in a span of days, and what served nobody, by whom and by what?
-- Parameters: $first_day, $last_day (dates, both inclusive, of whole months in spent).
-- Columns: grouping_name (team, cost_center, subscription, gpu_family); name (null: not known, or no
--   such tag); currency; spent (deployments and endpoints), served_nobody (billed, in the currency;
--   null: the bill names no deployment); deployments (how many). Lines of a bill that names no
--   deployment are in no group but their subscription.
with
lines as (
    select
        costs.*,
        case
            when sizes.gpus = 0 then 'no GPU'
            -- Azure writes "standard NCASv3_T4 Family" as well as "standardNDSv2Family".
            else trim(regexp_replace(sizes.family, '^standard|Family$', '', 'g'))
        end as gpu_family
    from spent as costs
    left join machine_sizes as sizes on sizes.size_key = lower(costs.instance_type)
    where costs.month between $first_day and $last_day
        and (costs.part <> 'training and shared' or not costs.has_tags)
),
named as (
    select 'team' as grouping_name, team as name, * from lines where has_tags
    union all by name
    select 'cost_center' as grouping_name, cost_center as name, * from lines where has_tags
    union all by name
    select 'gpu_family' as grouping_name, gpu_family as name, * from lines where has_tags
    union all by name
    select 'subscription' as grouping_name, subscription_id as name, * from lines
)
select
    grouping_name,
    name,
    currency,
    case when bool_and(has_tags) then sum(cost) end as spent,
    case when bool_and(has_tags)
        then coalesce(sum(cost) filter (where verdict_group = 'serves-nobody'), 0)
    end as served_nobody,
    count(distinct deployment_key) as deployments
from named
group by grouping_name, name, currency
order by grouping_name, currency, spent desc nulls first, name nulls last
