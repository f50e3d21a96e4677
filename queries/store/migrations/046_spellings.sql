-- Owners and teams whose names differ only in case are one, in every sum.

-- How the names of current deployments are written: as most of them have it, and of equally many the
-- first in order. grouping_name: owner or team; name_key: the name in small letters, ß as ss.
create or replace view spellings as
with
named as (
    select 'owner' as grouping_name, d.owner as name from current_deployments as d
    union all
    select 'team' as grouping_name, judged.team as name
    from current_deployments as d
    join judgements as judged
        on judged.snapshot_id = d.snapshot_id and judged.deployment_key = d.deployment_key
),
counted as (
    select grouping_name, name, count(*) as deployments
    from named
    where name is not null
    group by grouping_name, name
)
select
    grouping_name,
    replace(lower(name), 'ß', 'ss') as name_key,
    first(name order by deployments desc, name) as name
from counted
group by grouping_name, replace(lower(name), 'ß', 'ss');

-- Money of the current managed deployments by endpoint, workspace, subscription, owner, team, size
-- and region.
-- without_cost and without_price: how many of the deployments are missing in the sums, because
-- their cost in the window, or their price, is not known; such groups come first.
create or replace view money_by_group as
with
rows_of_money as (
    select
        d.*,
        judged.team,
        words.verdict_group,
        m.* exclude (deployment_key, snapshot_id)
    from current_deployments as d
    join deployment_money as m on m.deployment_key = d.deployment_key
    join judgements as judged
        on judged.snapshot_id = d.snapshot_id and judged.deployment_key = d.deployment_key
    left join vocabulary_verdicts as words on words.verdict = d.verdict
    where d.kind = 'managed'
),
grouped as (
    select 'endpoint' as grouping_name, workspace || '/' || endpoint as name, * from rows_of_money
    union all by name
    select 'workspace' as grouping_name, workspace as name, * from rows_of_money
    union all by name
    select 'subscription' as grouping_name, subscription_id as name, * from rows_of_money
    union all by name
    select 'owner' as grouping_name, owner as name, * from rows_of_money
    union all by name
    select 'team' as grouping_name, team as name, * from rows_of_money
    union all by name
    select 'size' as grouping_name, lower(instance_type) as name, * from rows_of_money
    union all by name
    select 'region' as grouping_name, region as name, * from rows_of_money
),
written as (
    select grouped.* replace (coalesce(spellings.name, grouped.name) as name)
    from grouped
    left join spellings
        on spellings.grouping_name = grouped.grouping_name
        and spellings.name_key = replace(lower(grouped.name), 'ß', 'ss')
)
select
    grouping_name,
    name,
    currency,
    count(*) as deployments,
    sum(instance_count) as instances,
    sum(cost_in_window) as cost_in_window,
    sum(monthly_run_rate) as monthly_run_rate,
    sum(monthly_run_rate) filter (where verdict_group = 'serves-nobody') as waste_per_month,
    count(*) filter (where monthly_run_rate is null) as without_price,
    count(*) filter (where cost_in_window is null) as without_cost
from written
group by grouping_name, name, currency
order by
    grouping_name, without_price > 0 desc, monthly_run_rate desc nulls first, name nulls first;
