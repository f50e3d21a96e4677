-- Question: what does serving cost, by whom or by what, and what of the bill is nobody's?
-- Parameters: none.
-- Columns: grouping_name (endpoint, workspace, subscription, owner, team, size, region; unallocated:
--   a month's part of the bill that no current deployment explains), name (null: not reported),
--   currency, deployments, instances (counts; null for unallocated), cost_in_window,
--   monthly_run_rate, waste_per_month (in currency; null: not known), without_price, without_cost
--   (of how many deployments that is not in the sums), cost_in_month (unallocated alone).
select
    grouping_name,
    name,
    currency,
    deployments,
    instances,
    cost_in_window,
    monthly_run_rate,
    waste_per_month,
    without_price,
    without_cost,
    null::decimal(38, 12) as cost_in_month
from money_by_group
union all by name
select
    'unallocated' as grouping_name,
    strftime(month, '%Y-%m') || ' ' || part as name,
    currency,
    sum(cost) as cost_in_month
from unallocated_costs
group by month, part, currency
order by grouping_name, name nulls first, currency
