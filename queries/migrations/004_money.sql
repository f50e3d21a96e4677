-- Views of money. Every cent of the bill is in `billed_lines` once.

-- The lines of the basis (actual or amortized) that was read last of each month, since the two
-- tell of the same money.
create view chosen_cost_lines as
select lines.*
from cost_lines as lines
join (
    select subscription_id, month, arg_max(basis, read_at) as basis
    from cost_reads
    group by subscription_id, month
) as chosen
    on chosen.subscription_id = lines.subscription_id
    and chosen.month = lines.month
    and chosen.basis = lines.basis;

-- The bill with the workspace of each line, where it can be told.
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
collided as (
    select *
    from homes
    where places > 1
),
split_sums as (
    select subscription_id, month, basis, source, day, endpoint, deployment, currency,
        sum(cost) as cost
    from chosen_cost_lines
    where kind = 'split'
    group by subscription_id, month, basis, source, day, endpoint, deployment, currency
),
-- One sum a day and name: a bill may have several lines of one, which no subtraction may repeat.
collided_sums as (
    select
        lines.subscription_id, lines.month, lines.basis, lines.source, lines.day,
        lines.endpoint, lines.deployment, lines.currency, sum(lines.cost) as cost
    from chosen_cost_lines as lines
    join collided
        on collided.subscription_id = lines.subscription_id and collided.month = lines.month
        and collided.basis = lines.basis and collided.source = lines.source
        and collided.endpoint = lines.endpoint
    where lines.kind = 'bill'
    group by all
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
from chosen_cost_lines as splits
join collided
    on collided.subscription_id = splits.subscription_id and collided.month = splits.month
    and collided.basis = splits.basis and collided.source = splits.source
    and collided.endpoint = splits.endpoint
where splits.kind = 'split'
union all by name
-- What the split leaves over of a name that occurs twice stays in the bill without a workspace.
select
    sums.subscription_id, sums.month, sums.basis, sums.source, sums.day,
    null as resource_key,
    sums.endpoint, sums.deployment,
    sums.cost - coalesce(split_sums.cost, 0) as cost,
    sums.currency
from collided_sums as sums
left join split_sums
    on split_sums.subscription_id = sums.subscription_id
    and split_sums.month = sums.month
    and split_sums.basis = sums.basis
    and split_sums.source = sums.source
    and split_sums.day = sums.day
    and split_sums.endpoint = sums.endpoint
    and split_sums.deployment is not distinct from sums.deployment
    and split_sums.currency = sums.currency
where sums.cost <> coalesce(split_sums.cost, 0);

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

-- List price per hour and instance, as the settings bend it.
create view hourly_prices as
select
    list.region,
    list.instance_type,
    list.currency,
    coalesce(
        own.per_hour,
        list.per_hour * (1 - coalesce((
            select any_value(discount) from price_rules where instance_type is null
        ), 0))
    ) as per_hour,
    list.read_at
from list_prices as list
left join price_rules as own on own.instance_type = list.instance_type;

-- Money of each current deployment; null: not known. Amounts are in `currency`, a month is 365/12
-- days of the run rate and 730 hours of the list price. ranking_amount is the larger of billed and
-- list, since a reservation hides an instance at 0.
create view deployment_money as
with
online as (
    select
        d.*,
        lower(d.subscription_id) as subscription,
        d.as_of::date as today,
        d.as_of::date - d.window_days as window_first_day
    from current_deployments as d
),
currencies as (
    select
        subscription_id as subscription,
        arg_max(currency, day) as currency,
        max(day) as cost_through
    from cost_lines
    where kind = 'bill'
    group by subscription_id
),
months_read as (
    select
        online.deployment_key,
        count(distinct reads.month)
            filter (where reads.month = date_trunc('month', online.today)) = 1 as has_this_month,
        count(distinct reads.month) filter (
            where reads.month = date_trunc('month', online.today) - interval 1 month
        ) = 1 as has_last_month
    from online
    join cost_reads as reads
        on reads.subscription_id = online.subscription
        and reads.month <= online.today
        and reads.month >= least(
            date_trunc('month', online.window_first_day),
            date_trunc('month', online.today) - interval 1 month
        )
    group by online.deployment_key
),
window_months_read as (
    select online.deployment_key, count(distinct reads.month) as months
    from online
    join cost_reads as reads
        on reads.subscription_id = online.subscription
        and reads.month between date_trunc('month', online.window_first_day) and online.today
    group by online.deployment_key
),
sums as (
    select
        online.deployment_key,
        sum(days.cost) filter (where days.day >= online.window_first_day) as in_window,
        sum(days.cost) filter (where days.day >= date_trunc('month', online.today)) as this_month,
        sum(days.cost) filter (
            where days.day < date_trunc('month', online.today)
                and days.day >= date_trunc('month', online.today) - interval 1 month
        ) as last_month,
        sum(days.cost) filter (where days.day >= online.today - online.idle_days) as since_idle
    from online
    join deployment_days as days
        on days.deployment_key = online.deployment_key and days.day <= online.today
    group by online.deployment_key
),
settled as (
    select
        days.deployment_key,
        days.cost,
        row_number() over (partition by days.deployment_key order by days.day desc) as place
    from deployment_days as days
    join online on online.deployment_key = days.deployment_key
    where days.day <= online.today - 2
),
rates as (
    select deployment_key, (sum(cost) / count(*) * 365 / 12)::decimal(38, 18) as per_month
    from settled
    where place <= 7
    group by deployment_key
),
priced as (
    select
        online.deployment_key,
        (hourly.per_hour * 730 * online.instance_count)::decimal(38, 18) as per_month,
        hourly.currency
    from online
    join hourly_prices as hourly
        on hourly.region = online.region and hourly.instance_type = lower(online.instance_type)
    left join currencies on currencies.subscription = online.subscription
    where hourly.currency = coalesce(currencies.currency, hourly.currency)
),
amounts as (
    select
        online.deployment_key,
        online.snapshot_id,
        online.endpoint_key,
        online.kind,
        online.verdict,
        online.provisioning_state,
        online.requests_in_window,
        online.window_days,
        case when months.months
            = date_diff('month', online.window_first_day, online.today) + 1
            then coalesce(sums.in_window, 0)
        end as cost_in_window,
        currencies.cost_through,
        case when months_read.has_this_month then coalesce(sums.this_month, 0) end
            as month_to_date,
        case when months_read.has_last_month then coalesce(sums.last_month, 0) end
            as last_full_month,
        case when online.verdict in ('idle', 'idle-endpoint', 'rollback', 'failed', 'protected')
            and online.idle_days is not null then sums.since_idle
        end as cost_since_idle,
        rates.per_month as billed_per_month,
        priced.per_month as list_price_per_month,
        coalesce(rates.per_month, priced.per_month) as monthly_run_rate,
        case
            when rates.per_month is not null then 'billed'
            when priced.per_month is not null then 'list'
        end as run_rate_source,
        greatest(rates.per_month, priced.per_month) as ranking_amount,
        coalesce(currencies.currency, priced.currency) as currency
    from online
    left join window_months_read as months on months.deployment_key = online.deployment_key
    left join months_read on months_read.deployment_key = online.deployment_key
    left join sums on sums.deployment_key = online.deployment_key
    left join currencies on currencies.subscription = online.subscription
    left join rates on rates.deployment_key = online.deployment_key
    left join priced on priced.deployment_key = online.deployment_key
    where online.kind = 'managed'
)
select
    deployment_key,
    snapshot_id,
    cost_in_window,
    cost_through,
    month_to_date,
    last_full_month,
    cost_since_idle,
    billed_per_month,
    list_price_per_month,
    monthly_run_rate,
    run_rate_source,
    ranking_amount,
    currency,
    case when sum(cost_in_window) over (partition by endpoint_key) > 0
        then (cost_in_window / sum(cost_in_window) over (partition by endpoint_key))::double
    end as share_of_endpoint,
    case when requests_in_window > 0
        then (cost_in_window * 1000 / requests_in_window)::decimal(38, 18)
    end as cost_per_1000_requests,
    case
        when billed_per_month is null then null
        when list_price_per_month > 0 and billed_per_month < list_price_per_month * 0.02
            then 'a reservation or savings plan seems to cover it: the bill will not fall'
        when list_price_per_month > 0 and billed_per_month < list_price_per_month * 0.75
            then 'billed below the list: a reservation, a savings plan, or fewer instances before'
        when list_price_per_month > 0 and billed_per_month > list_price_per_month * 1.25
            then 'billed above the list: more instances before, or other meters such as bandwidth'
        when verdict = 'failed' and billed_per_month > 0 then 'failed, but billed all the same'
    end as explanation,
    list_filter(
        [
            case when requests_in_window between 1 and window_days * 2
                and monthly_run_rate >= 100
                then 'barely used: ' || requests_in_window || ' requests in '
                    || window_days || ' days for ' || format('{:,.0f}', monthly_run_rate::double)
                    || ' ' || currency || ' a month'
            end,
            case when requests_in_window between window_days * 1300 and (window_days + 1) * 1500
                and verdict in ('serving', 'direct')
                then 'about one request a minute: it may be asked by a probe alone'
            end
        ],
        lambda finding: finding is not null
    ) as money_findings
from amounts;

-- The unallocated rest of the bill, by what it was for.
create view unallocated_costs as
select subscription_id, part, currency, month, sum(cost) as cost, count(*) as lines
from costs
where part <> 'deployment'
group by subscription_id, part, currency, month;

-- The same money grouped: by endpoint, workspace, subscription, owner, size and region.
create view money_by_group as
with
rows_of_money as (
    select d.*, m.* exclude (deployment_key, snapshot_id)
    from current_deployments as d
    join deployment_money as m on m.deployment_key = d.deployment_key
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
    select 'size' as grouping_name, lower(instance_type) as name, * from rows_of_money
    union all by name
    select 'region' as grouping_name, region as name, * from rows_of_money
)
select
    grouping_name,
    name,
    currency,
    count(*) as deployments,
    sum(instance_count) as instances,
    sum(cost_in_window) as cost_in_window,
    sum(monthly_run_rate) as monthly_run_rate,
    sum(monthly_run_rate)
        filter (where verdict in ('idle', 'idle-endpoint', 'failed')) as waste_per_month,
    count(*) filter (where monthly_run_rate is null) as without_price
from grouped
group by grouping_name, name, currency;
