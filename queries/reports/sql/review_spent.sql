-- Question: what did each deployment and endpoint cost in a span of days, and what was it for?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: month (its first day), week (its Monday: a row is of days of both); subscription_id,
--   deployment_key (null: no deployment's), part, verdict_group, owner, team, cost_center,
--   instance_type, currency as in judged_costs; has_tags (false: the bill of the subscription names
--   no deployment); cost (billed, in the currency); days (a bit for each day of the week that is
--   billed), billed_through (the newest of them).
select
    date_trunc('month', costs.day)::date as month,
    date_trunc('week', costs.day)::date as week,
    costs.subscription_id,
    costs.deployment_key,
    costs.part,
    costs.verdict_group,
    costs.owner,
    costs.team,
    costs.cost_center,
    costs.instance_type,
    costs.currency,
    untagged.subscription_id is null as has_tags,
    sum(costs.cost) as cost,
    bit_or(1 << isodow(costs.day)) as days,
    max(costs.day) as billed_through
from judged_costs as costs
left join untagged_bills as untagged on untagged.subscription_id = costs.subscription_id
where costs.day between $first_day and $last_day
group by all
