-- Which cost counts (actual or amortized), and the bill: every cent of it is in `billed_lines` once.

-- By the settings, as of the newest run: the basis that counts (ActualCost or AmortizedCost), and
-- the currency of the list where no bill tells one. One row, or none in a store without a run.
create table money_rules (basis varchar, currency varchar);

alter table judgements add column team varchar;

-- The months that count: those of the basis that the settings name, or, where nothing was read on
-- that basis, of the other one. The two tell of the same money, so only one of them ever counts.
create view counted_reads as
with
wanted as (
    select coalesce(max(basis), 'ActualCost') as basis
    from money_rules
),
counted as (
    select coalesce(
        max(reads.basis) filter (where reads.basis = wanted.basis), max(reads.basis)
    ) as basis
    from cost_reads as reads
    cross join wanted
)
select reads.*
from cost_reads as reads
join counted on counted.basis = reads.basis;

create view chosen_cost_lines as
select lines.*
from cost_lines as lines
semi join counted_reads as reads
    on reads.subscription_id = lines.subscription_id
    and reads.month = lines.month
    and reads.basis = lines.basis;

-- The currency of each subscription's bill (of its newest day; of several that day the one with
-- the most lines) and its newest billed day.
create view billing_currencies as
with
days as (
    select subscription_id, day, currency, count(*) as lines
    from chosen_cost_lines
    where kind = 'bill'
    group by subscription_id, day, currency
),
newest as (
    select
        subscription_id,
        currency,
        day,
        row_number() over (
            partition by subscription_id order by day desc, lines desc, currency
        ) as place
    from days
)
select subscription_id, currency, day as cost_through
from newest
where place = 1;

-- The days without a gap for which each subscription's bill was read, up to the newest.
create view cost_coverage as
with
reads as (
    select
        subscription_id,
        month,
        last_day,
        lead(month) over (partition by subscription_id order by month) as next_month
    from counted_reads
),
gaps as (
    select subscription_id, max(month) as month
    from reads
    where next_month is not null
        and (next_month <> month + interval 1 month or last_day < last_day(month))
    group by subscription_id
)
select reads.subscription_id, min(reads.month) as first_day, max(reads.last_day) as last_day
from reads
left join gaps on gaps.subscription_id = reads.subscription_id
where gaps.month is null or reads.month > gaps.month
group by reads.subscription_id;

-- The bill with the workspace of each line, where it can be told. All lines of a month together
-- are the bill by tags, whatever the other questions answered.
create view billed_lines as
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
    from endpoints
    group by lower(subscription_id), lower(name)
)
select
    lines.subscription_id, lines.month, lines.basis, lines.source, lines.day,
    coalesce(homes.resource_key, known_homes.resource_key) as resource_key,
    lines.endpoint, lines.deployment, lines.cost, lines.currency
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
    subscription_id, month, basis, source, day, resource_key, endpoint, deployment, cost, currency
from of_collided
where kind = 'split'
union all by name
-- By what the bill and the split differ stays in the bill without a workspace: the two are asked
-- one after the other, and the bill alone says how much it is.
select
    subscription_id, month, basis, source, day, null as resource_key, endpoint, deployment,
    sum(case when kind = 'bill' then cost else -cost end) as cost,
    currency
from of_collided
group by subscription_id, month, basis, source, day, endpoint, deployment, currency
having sum(case when kind = 'bill' then cost else -cost end) <> 0;

-- The bill with what each line was for. part: deployment, deleted deployment, endpoint without
-- deployment, training and shared; all but the first are unallocated.
create view costs as
with
placed as (
    select
        *,
        case when resource_key is not null and endpoint is not null and deployment is not null
            then resource_key || '/onlineendpoints/' || endpoint || '/deployments/' || deployment
        end as deployment_key
    from billed_lines
),
present as (
    select deployment_key, created_at
    from current_deployments
)
select
    placed.* exclude (deployment_key),
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

-- Billed cost of each current deployment and UTC day since its creation.
create view deployment_days as
select deployment_key, day, currency, sum(cost) as cost
from costs
where part = 'deployment'
group by deployment_key, day, currency;

-- The unallocated rest of the bill, by what it was for.
create view unallocated_costs as
select subscription_id, part, currency, month, sum(cost) as cost, count(*) as lines
from costs
where part <> 'deployment'
group by subscription_id, part, currency, month;
