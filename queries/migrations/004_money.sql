-- Views of money. Every cent of the bill is in `billed_lines` once.

-- The bill with the workspace of each line, where it can be told.
create view billed_lines as
with
homes as (
    select
        subscription_id, month, basis, source, endpoint,
        count(distinct resource_key) as places,
        any_value(resource_key) as resource_key
    from cost_lines
    where kind = 'place' and endpoint is not null
    group by subscription_id, month, basis, source, endpoint
),
collided as (
    select *
    from homes
    where places > 1
),
split_sums as (
    select subscription_id, month, basis, source, day, endpoint, deployment, currency,
        sum(cost) as cost
    from cost_lines
    where kind = 'split'
    group by subscription_id, month, basis, source, day, endpoint, deployment, currency
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
from cost_lines as lines
left join collided
    on collided.subscription_id = lines.subscription_id and collided.month = lines.month
    and collided.basis = lines.basis and collided.source = lines.source
    and collided.endpoint = lines.endpoint
left join homes
    on homes.subscription_id = lines.subscription_id and homes.month = lines.month
    and homes.basis = lines.basis and homes.source = lines.source
    and homes.endpoint = lines.endpoint
left join known_homes
    on known_homes.subscription_id = lines.subscription_id
    and known_homes.endpoint = lines.endpoint
where lines.kind = 'bill' and collided.endpoint is null
union all by name
select
    splits.subscription_id, splits.month, splits.basis, splits.source, splits.day,
    splits.resource_key, splits.endpoint, splits.deployment, splits.cost, splits.currency
from cost_lines as splits
join collided
    on collided.subscription_id = splits.subscription_id and collided.month = splits.month
    and collided.basis = splits.basis and collided.source = splits.source
    and collided.endpoint = splits.endpoint
where splits.kind = 'split'
union all by name
-- What the split leaves over of a name that occurs twice stays in the bill without a workspace.
select
    lines.subscription_id, lines.month, lines.basis, lines.source, lines.day,
    null as resource_key,
    lines.endpoint, lines.deployment,
    lines.cost - coalesce(split_sums.cost, 0) as cost,
    lines.currency
from cost_lines as lines
join collided
    on collided.subscription_id = lines.subscription_id and collided.month = lines.month
    and collided.basis = lines.basis and collided.source = lines.source
    and collided.endpoint = lines.endpoint
left join split_sums
    on split_sums.subscription_id = lines.subscription_id
    and split_sums.month = lines.month
    and split_sums.basis = lines.basis
    and split_sums.source = lines.source
    and split_sums.day = lines.day
    and split_sums.endpoint = lines.endpoint
    and split_sums.deployment is not distinct from lines.deployment
    and split_sums.currency = lines.currency
where lines.kind = 'bill' and lines.cost <> coalesce(split_sums.cost, 0);

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

-- Money of each current deployment. cost_in_window and monthly_run_rate are null where not known.
create view deployment_money as
with
days as (
    select deployment_key, day, currency, sum(cost) as cost
    from costs
    where part = 'deployment'
    group by deployment_key, day, currency
),
reads as (
    select
        lower(subscription_id) as subscription_id,
        count(distinct month) as months,
        min(month) as first_month,
        max(last_day) as read_through
    from cost_reads
    group by lower(subscription_id)
),
currencies as (
    select lower(subscription_id) as subscription_id, arg_max(currency, day) as currency,
        max(day) as cost_through
    from cost_lines
    where kind = 'bill'
    group by lower(subscription_id)
),
online as (
    select
        d.*,
        lower(d.subscription_id) as subscription,
        d.as_of::date - d.window_days as window_first_day
    from current_deployments as d
),
months_read as (
    select online.deployment_key, count(distinct reads.month) as months
    from online
    join cost_reads as reads
        on lower(reads.subscription_id) = online.subscription
        and reads.month >= date_trunc('month', online.window_first_day)
        and reads.month <= online.as_of::date
    group by online.deployment_key
),
in_window as (
    select online.deployment_key, sum(days.cost) as cost
    from online
    join days on days.deployment_key = online.deployment_key
        and days.day >= online.window_first_day and days.day <= online.as_of::date
    group by online.deployment_key
),
settled as (
    select
        days.deployment_key,
        days.cost,
        row_number() over (partition by days.deployment_key order by days.day desc) as place
    from days
    join online on online.deployment_key = days.deployment_key
    where days.day <= online.as_of::date - 2
),
rates as (
    select deployment_key, (sum(cost) / count(*) * 365 / 12)::decimal(38, 18) as per_month
    from settled
    where place <= 7
    group by deployment_key
),
hourly as (
    select
        list.region,
        list.instance_type,
        list.currency,
        coalesce(
            own.per_hour,
            list.per_hour * (1 - coalesce((
                select any_value(discount) from price_rules where instance_type is null
            ), 0))
        ) as per_hour
    from list_prices as list
    left join price_rules as own on own.instance_type = list.instance_type
),
priced as (
    select
        online.deployment_key,
        (hourly.per_hour * 730 * online.instance_count)::decimal(38, 18) as list_price_per_month,
        hourly.currency
    from online
    join hourly
        on hourly.region = online.region and hourly.instance_type = lower(online.instance_type)
    left join currencies on currencies.subscription_id = online.subscription
    where online.kind = 'managed'
        and hourly.currency = coalesce(currencies.currency, hourly.currency)
)
select
    online.deployment_key,
    online.snapshot_id,
    case when online.kind = 'managed'
        and months_read.months
            = date_diff('month', online.window_first_day, online.as_of::date) + 1
        then coalesce(in_window.cost, 0)::decimal(38, 18)
    end as cost_in_window,
    case when online.kind = 'managed' then currencies.cost_through end as cost_through,
    priced.list_price_per_month,
    coalesce(rates.per_month, priced.list_price_per_month) as monthly_run_rate,
    case
        when rates.per_month is not null then 'billed'
        when priced.list_price_per_month is not null then 'list'
    end as run_rate_source,
    coalesce(currencies.currency, priced.currency) as currency
from online
left join months_read on months_read.deployment_key = online.deployment_key
left join in_window on in_window.deployment_key = online.deployment_key
left join rates on rates.deployment_key = online.deployment_key and online.kind = 'managed'
left join currencies on currencies.subscription_id = online.subscription
left join priced on priced.deployment_key = online.deployment_key;
