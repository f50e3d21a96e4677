-- Question: what did each deployment and endpoint cost in a span of days, and what was it for?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: month (its first day), week (its Monday: a row is of days of both); subscription_id,
--   deployment_key (null: no deployment's), part, verdict_group, owner, team, cost_center (those
--   that differ only in case written as most rows have them), instance_type, currency as in
--   judged_costs; has_tags (false: the bill of the subscription names no deployment); cost (billed,
--   in the currency); days (a bit for each day of the week that is billed), billed_through (the
--   newest of them).
with
costs_of_span as materialized (
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
),
counted as (
    select 'owner' as field, owner as name, count(*) as lines from costs_of_span group by owner
    union all
    select 'team' as field, team as name, count(*) as lines from costs_of_span group by team
    union all
    select 'cost_center' as field, cost_center as name, count(*) as lines
    from costs_of_span
    group by cost_center
),
spelt as (
    select
        field,
        replace(lower(name), 'ß', 'ss') as name_key,
        first(name order by lines desc, name) as name
    from counted
    where name is not null
    group by field, replace(lower(name), 'ß', 'ss')
)
select
    found.* replace (
        owners.name as owner,
        teams.name as team,
        cost_centers.name as cost_center
    )
from costs_of_span as found
left join spelt as owners
    on owners.field = 'owner' and owners.name_key = replace(lower(found.owner), 'ß', 'ss')
left join spelt as teams
    on teams.field = 'team' and teams.name_key = replace(lower(found.team), 'ß', 'ss')
left join spelt as cost_centers
    on cost_centers.field = 'cost_center'
    and cost_centers.name_key = replace(lower(found.cost_center), 'ß', 'ss')
