-- What Azure itself was asked to confirm of what the code takes for granted, and what a bill without
-- the tags of its deployments leaves unknown.

-- What a comparison on the user's own tenant came to. state: confirmed, contradicted or not testable;
-- code and parameters (JSON) are the evidence, or why it could not be tested; compared: how many
-- things were.
create table azure_facts (
    fact varchar,
    state varchar,
    code varchar,
    parameters varchar,
    compared integer,
    tested_at timestamp
);

-- The facts that there are and what rests on each: a row for each kind of evidence. number: of the
-- section in docs/azure.md; of_the_graph: what Resource Manager is asked for itself rests on it not.
create table vocabulary_facts (
    fact varchar,
    place integer,
    number varchar,
    evidence varchar,
    of_the_graph boolean
);

-- The newest of each fact that came to something, else the newest: what cannot be tested any more
-- takes back nothing.
create view current_facts as
with
placed as (
    select
        *,
        row_number() over (
            partition by fact order by state = 'not testable', tested_at desc, state desc
        ) as place
    from azure_facts
)
select * exclude (place)
from placed
where place = 1;

-- How many lines of each subscription's bill name a deployment, by month; days: how many are billed.
create view bill_tagging as
select
    subscription_id,
    month,
    count(*) as lines,
    count(deployment) as tagged_lines,
    count(distinct day) as days,
    max(day) as last_day
from chosen_cost_lines
where kind = 'bill' and cost <> 0
group by subscription_id, month;

-- The subscriptions of whose bill a month names no deployment at all, though a managed one had
-- been there for days: a cost of 0 there would be a guess.
create view untagged_bills as
select distinct tagging.subscription_id
from bill_tagging as tagging
join current_deployments as d
    on lower(d.subscription_id) = tagging.subscription_id
    and d.kind = 'managed'
    and d.provisioning_state = 'Succeeded'
    and coalesce(d.instance_count, 1) > 0
    and coalesce(d.created_at::date, tagging.month) <= tagging.last_day - 3
where tagging.tagged_lines = 0 and tagging.days >= 3;

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
online as (
    select
        d.*,
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
days as (
    select
        online.deployment_key,
        days.day,
        coalesce(sum(days.cost) filter (where days.currency = online.billed_in), 0) as cost,
        bool_or(days.currency <> online.billed_in and days.cost <> 0) as has_other_currency
    from online
    join deployment_days as days
        on days.deployment_key = online.deployment_key and days.day <= online.today
    group by online.deployment_key, days.day
),
sums as (
    select
        online.deployment_key,
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
    join days on days.deployment_key = online.deployment_key
    group by online.deployment_key
),
settled as (
    select
        days.*,
        row_number() over (partition by days.deployment_key order by days.day desc) as place
    from days
    join online on online.deployment_key = days.deployment_key
    where days.day <= online.today - 2
),
rates as (
    select
        deployment_key,
        min(day) as first_day,
        case when not bool_or(has_other_currency)
            then (sum(cost) / count(*) * 365 / 12)::decimal(38, 18)
        end as per_month
    from settled
    where place <= 7
    group by deployment_key
),
priced as (
    select
        online.deployment_key,
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
        rates.deployment_key,
        min(seen.instance_count) as fewest,
        max(seen.instance_count) as most
    from rates
    join deployments as seen on seen.deployment_key = rates.deployment_key
    join snapshots
        on snapshots.snapshot_id = seen.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.started_at >= rates.first_day
    group by rates.deployment_key
)
select
    online.*,
    sums.deployment_key is not null as is_billed,
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
left join sums on sums.deployment_key = online.deployment_key
left join rates on rates.deployment_key = online.deployment_key
left join priced on priced.deployment_key = online.deployment_key
left join instances on instances.deployment_key = online.deployment_key;

-- The same with shares and words: why list and bill differ, and who is barely used. is_covered: a
-- reservation or savings plan seems to pay for it, so that the bill will not fall.
create or replace view deployment_money as
select
    deployment_key,
    snapshot_id,
    cost_in_window,
    cost_through,
    month_to_date,
    last_full_month,
    cost_since_idle,
    case when cost_since_idle is not null then idle_from end as cost_since_idle_from,
    billed_per_month,
    list_price_per_month,
    list_price_source,
    list_price_read_at,
    monthly_run_rate,
    run_rate_source,
    ranking_amount,
    currency,
    cost_basis,
    case
        when count(*) over siblings = count(cost_in_window) over siblings
            and sum(cost_in_window) over siblings > 0
            then (cost_in_window / sum(cost_in_window) over siblings)::double
    end as share_of_endpoint,
    case when requests_in_window > 0
        then (cost_in_window * 1000 / requests_in_window)::decimal(38, 18)
    end as cost_per_1000_requests,
    coalesce(
        not is_mixed and is_billed and list_price_per_month > 0
            and billed_per_month < list_price_per_month * 0.02,
        false
    ) as is_covered,
    case
        when is_mixed then 'billed in two currencies in the window, which are not added up'
        when not is_billed and cost_in_window is not null and provisioning_state = 'Succeeded'
            and (created_at is null or created_at::date <= cost_through - 2)
            then 'no line of the bill names it: its cost is among the unallocated'
        when billed_per_month is null then null
        when is_covered
            then 'a reservation or savings plan seems to cover it: the bill will not fall'
        when verdict = 'failed' and billed_per_month > 0 then 'failed, but billed all the same'
        when billed_per_month between list_price_per_month * 0.75 and list_price_per_month * 1.25
            then null
        when list_price_per_month > 0 and fewest_instances < most_instances
            then 'billed ' || if(billed_per_month < list_price_per_month, 'below', 'above')
                || ' the list: it had between ' || fewest_instances || ' and ' || most_instances
                || ' instances in the days that were billed'
        when list_price_per_month > 0 and billed_per_month < list_price_per_month
            then 'billed below the list: a reservation, a savings plan, or fewer instances at times'
        when list_price_per_month > 0
            then 'billed above the list: other meters such as bandwidth, or more instances at times'
    end as explanation,
    case when requests_in_window between 1 and window_days * 2 and monthly_run_rate >= 100
        then [json_object(
            'code', 'barely-used',
            'requests', requests_in_window,
            'window_days', window_days,
            'cost_per_month', monthly_run_rate::double,
            'currency', currency
        )::varchar]
        else []
    end || case when bill_has_tags then []
        else [json_object('code', 'bill-without-tags')::varchar]
    end as money_findings
from deployment_amounts
window siblings as (partition by endpoint_key)
union all by name
-- What has no instances of its own, or not on a bill of Machine Learning, and says so.
select
    deployment_key,
    snapshot_id,
    case kind
        when 'kubernetes' then 'costed on its cluster: Azure bills the cluster, not the deployment'
        when 'serverless' then 'billed by use: it has no instances'
        when 'batch' then 'billed while a job runs: it has no instances of its own'
    end as explanation,
    []::varchar[] as money_findings
from current_deployments
where kind <> 'managed';
