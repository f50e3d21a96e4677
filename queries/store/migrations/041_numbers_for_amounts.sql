-- What each current deployment costs, with a number in place of each key: the bill of a year has many
-- days.


-- Amounts of each current managed deployment; null: not known. Amounts are in `currency`, a month is
-- 365/12 days of the run rate and 730 hours of the list price. ranking_amount is the larger of billed
-- and list, since a reservation hides an instance at 0. A sum is known where the bill was read, on
-- one basis and without a gap, from its first day (or the deployment's creation) on, and has reached
-- it; of a bill without tags nothing is known of any deployment.
create or replace view deployment_amounts as
with
rules as (
    select coalesce(max(currency), 'USD') as currency
    from money_rules
),
online as materialized (
    select
        d.*,
        -- In place of a key, which is long.
        row_number() over () as number,
        d.as_of::date as today,
        date_trunc('month', d.as_of)::date as month_first_day,
        (date_trunc('month', d.as_of) - interval 1 month)::date as last_month_first_day,
        greatest(d.as_of::date - d.window_days, d.created_at::date) as window_first_day,
        greatest(date_trunc('month', d.as_of)::date, d.created_at::date) as month_from,
        greatest(d.as_of::date - d.idle_days, d.created_at::date, coverage.first_day) as idle_from,
        coverage.first_day as read_from,
        coverage.last_day as read_to,
        untagged.subscription_id is null as bill_has_tags,
        billed.cost_through,
        billed.currency as billed_in,
        coalesce(billed.currency, rules.currency) as money_currency
    from current_deployments as d
    cross join rules
    left join untagged_bills as untagged on untagged.subscription_id = lower(d.subscription_id)
    left join cost_coverage as coverage
        on coverage.subscription_id = lower(d.subscription_id)
        and untagged.subscription_id is null
    left join billing_currencies as billed on billed.subscription_id = lower(d.subscription_id)
    where d.kind = 'managed'
),
billed_days as (
    select online.number, costs.day, costs.currency, sum(costs.cost) as cost
    from costs
    join online on online.deployment_key = costs.deployment_key and costs.day <= online.today
    where costs.part = 'deployment'
    group by online.number, costs.day, costs.currency
),
days as materialized (
    select
        online.number,
        days.day,
        coalesce(sum(days.cost) filter (where days.currency = online.billed_in), 0) as cost,
        bool_or(days.currency <> online.billed_in and days.cost <> 0) as has_other_currency
    from billed_days as days
    join online on online.number = days.number
    group by online.number, days.day
),
sums as (
    select
        online.number,
        sum(days.cost) filter (where days.day >= online.window_first_day) as in_window,
        coalesce(bool_or(days.has_other_currency)
            filter (where days.day >= online.window_first_day), false) as window_is_mixed,
        sum(days.cost) filter (where days.day >= online.month_first_day) as this_month,
        coalesce(bool_or(days.has_other_currency)
            filter (where days.day >= online.month_first_day), false) as this_month_is_mixed,
        sum(days.cost) filter (
            where days.day < online.month_first_day and days.day >= online.last_month_first_day
        ) as last_month,
        coalesce(bool_or(days.has_other_currency) filter (
            where days.day < online.month_first_day and days.day >= online.last_month_first_day
        ), false) as last_month_is_mixed,
        sum(days.cost) filter (where days.day >= online.idle_from) as since_idle,
        coalesce(bool_or(days.has_other_currency)
            filter (where days.day >= online.idle_from), false) as idle_is_mixed
    from online
    join days on days.number = online.number
    group by online.number
),
-- The newest seven of each deployment.
settled as (
    select
        days.number,
        unnest(max(
            {day: days.day, cost: days.cost, has_other_currency: days.has_other_currency}, 7
        )) as one
    from days
    join online on online.number = days.number
    where days.day <= online.today - 2
    group by days.number
),
rates as (
    select
        number,
        min(one.day) as first_day,
        case when not bool_or(one.has_other_currency)
            then (sum(one.cost) / count(*) * 365 / 12)::decimal(38, 18)
        end as per_month
    from settled
    group by number
),
priced as (
    select
        online.number,
        (coalesce(own.per_hour, hourly.per_hour) * 730 * online.instance_count)::decimal(38, 18)
            as per_month,
        case when own.per_hour is not null then 'the settings' else hourly.source end as source,
        case when own.per_hour is null then hourly.read_at end as read_at
    from online
    left join hourly_prices as hourly
        on hourly.region = online.region and hourly.instance_type = lower(online.instance_type)
        and hourly.currency = online.money_currency
    left join price_rules as own on own.instance_type = lower(online.instance_type)
),
-- How many instances the snapshots saw since the first day that the rate is of.
instances as (
    select
        rates.number,
        min(versions.instance_count) as fewest,
        max(versions.instance_count) as most
    from rates
    join online on online.number = rates.number
    join deployments_versions as versions on versions.deployment_key = online.deployment_key
    join deployments_seen as seen on seen.version = versions.version
    join snapshots
        on snapshots.snapshot_id = seen.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.started_at >= rates.first_day
    group by rates.number
)
select
    online.* exclude (number),
    sums.number is not null as is_billed,
    case
        when sums.window_is_mixed then null
        when online.read_from <= online.window_first_day
            and online.read_to >= online.month_first_day
            and online.cost_through >= online.window_first_day
            then coalesce(sums.in_window, 0)
    end as cost_in_window,
    coalesce(sums.window_is_mixed, false) as is_mixed,
    case
        when sums.this_month_is_mixed then null
        when online.read_from <= online.month_from
            and online.read_to >= online.month_first_day
            and online.cost_through >= online.month_from
            then coalesce(sums.this_month, 0)
    end as month_to_date,
    case
        when sums.last_month_is_mixed then null
        when online.read_from <= online.last_month_first_day
            and online.read_to >= online.month_first_day - 1
            and online.cost_through >= online.month_first_day - 1
            then coalesce(sums.last_month, 0)
    end as last_full_month,
    case
        when sums.idle_is_mixed then null
        when words.verdict_group in ('serves-nobody', 'kept')
            and online.idle_days is not null
            and online.read_to >= online.month_first_day
            and online.cost_through >= online.idle_from
            then coalesce(sums.since_idle, 0)
    end as cost_since_idle,
    rates.per_month as billed_per_month,
    priced.per_month as list_price_per_month,
    case when priced.per_month is not null then priced.source end as list_price_source,
    case when priced.per_month is not null then priced.read_at end as list_price_read_at,
    coalesce(rates.per_month, priced.per_month) as monthly_run_rate,
    case
        when rates.per_month is not null then 'billed'
        when priced.per_month is not null then 'list'
    end as run_rate_source,
    greatest(rates.per_month, priced.per_month) as ranking_amount,
    case when online.billed_in is not null or priced.per_month is not null
        then online.money_currency
    end as currency,
    case when online.cost_through is not null
        then (select max(basis) from counted_reads)
    end as cost_basis,
    instances.fewest as fewest_instances,
    instances.most as most_instances
from online
left join vocabulary_verdicts as words on words.verdict = online.verdict
left join sums on sums.number = online.number
left join rates on rates.number = online.number
left join priced on priced.number = online.number
left join instances on instances.number = online.number;
