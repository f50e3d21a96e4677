-- The bill with the workspace of each line, where it can be told. All lines of a month together
-- are the bill by tags, whatever the other questions answered. What snapshots said of endpoints is
-- looked up once per change, and not once for each snapshot.
create or replace view billed_lines as
with
homes as (
    select
        subscription_id, month, basis, source, endpoint,
        count(distinct resource_key) as places,
        any_value(resource_key) as resource_key
    from chosen_cost_lines
    where kind = 'place' and endpoint is not null
    group by subscription_id, month, basis, source, endpoint
),
of_collided as (
    select lines.*
    from chosen_cost_lines as lines
    semi join (from homes where places > 1) as collided
        on collided.subscription_id = lines.subscription_id and collided.month = lines.month
        and collided.basis = lines.basis and collided.source = lines.source
        and collided.endpoint = lines.endpoint
    where lines.kind in ('bill', 'split')
),
known_homes as (
    select lower(subscription_id) as subscription_id, lower(name) as endpoint,
        case when count(distinct workspace_key) = 1 then any_value(workspace_key) end
            as resource_key
    from endpoints_versions
    group by lower(subscription_id), lower(name)
)
select
    lines.subscription_id, lines.month, lines.basis, lines.source, lines.day,
    coalesce(homes.resource_key, known_homes.resource_key) as resource_key,
    lines.endpoint, lines.deployment, lines.cost, lines.currency,
    lines.quantity, lines.unit, lines.meter
from chosen_cost_lines as lines
left join homes
    on homes.subscription_id = lines.subscription_id and homes.month = lines.month
    and homes.basis = lines.basis and homes.source = lines.source
    and homes.endpoint = lines.endpoint
left join known_homes
    on known_homes.subscription_id = lines.subscription_id
    and known_homes.endpoint = lines.endpoint
where lines.kind = 'bill' and coalesce(homes.places, 1) <= 1
union all by name
select
    subscription_id, month, basis, source, day, resource_key, endpoint, deployment, cost, currency,
    quantity, unit, meter
from of_collided
where kind = 'split'
union all by name
-- By what the bill and the split differ stays in the bill without a workspace: the two are asked
-- one after the other, and the bill alone says how much it is.
select
    subscription_id, month, basis, source, day, null as resource_key, endpoint, deployment,
    sum(case when kind = 'bill' then cost else -cost end) as cost,
    currency, null as quantity, null as unit, null as meter
from of_collided
group by subscription_id, month, basis, source, day, endpoint, deployment, currency
having sum(case when kind = 'bill' then cost else -cost end) <> 0;

-- The bill with what each line was for. part: deployment, deleted deployment, endpoint without
-- deployment, training and shared; all but the first are unallocated.
create or replace view costs as
with
placed as (
    select
        *,
        case when resource_key is not null and endpoint is not null and deployment is not null
            then resource_key || '/onlineendpoints/' || endpoint || '/deployments/' || deployment
        end as deployment_key
    from billed_lines
),
newest as (
    select workspace_key, snapshot_id from newest_reads
),
-- What other snapshots saw is left out before it is put together.
seen as (
    select * from deployments where snapshot_id in (select snapshot_id from newest)
),
present as (
    select seen.deployment_key, seen.created_at
    from newest
    join seen
        on seen.workspace_key = newest.workspace_key and seen.snapshot_id = newest.snapshot_id
)
select
    placed.* exclude (deployment_key, quantity, unit, meter),
    placed.deployment_key,
    case
        when placed.endpoint is null then 'training and shared'
        when placed.deployment is null then 'endpoint without deployment'
        when present.deployment_key is not null
            and (present.created_at is null or placed.day >= present.created_at::date)
            then 'deployment'
        else 'deleted deployment'
    end as part
from placed
left join present on present.deployment_key = placed.deployment_key;
