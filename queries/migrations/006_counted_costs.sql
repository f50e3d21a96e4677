-- Which cost counts (actual or amortized), what is known of each sum, and money by team.

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

create or replace view chosen_cost_lines as
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

-- List price per hour and instance, as the settings bend it.
create or replace view hourly_prices as
with
discounts as (
    select coalesce(max(discount), 0)::decimal(18, 9) as share
    from price_rules
    where instance_type is null
)
select
    list.region,
    list.instance_type,
    list.currency,
    coalesce(
        own.per_hour, (list.per_hour::decimal(38, 12) * (1 - discounts.share))::decimal(38, 18)
    ) as per_hour,
    list.read_at,
    case
        when own.per_hour is not null then 'the settings'
        when list.per_hour is not null and discounts.share > 0
            then 'Azure retail prices less ' || format('{:g}', discounts.share::double * 100) || ' %'
        when list.per_hour is not null then 'Azure retail prices'
    end as source
from list_prices as list
cross join discounts
left join price_rules as own on own.instance_type = list.instance_type;

-- Money of each current deployment; null: not known. Amounts are in `currency`, a month is 365/12
-- days of the run rate and 730 hours of the list price. ranking_amount is the larger of billed and
-- list, since a reservation hides an instance at 0. A sum is known where the bill was read, on one
-- basis and without a gap, from its first day (or the deployment's creation) on, and has reached it.
create or replace view deployment_money as
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
        billed.cost_through,
        billed.currency as billed_in,
        coalesce(billed.currency, rules.currency) as money_currency
    from current_deployments as d
    cross join rules
    left join cost_coverage as coverage on coverage.subscription_id = lower(d.subscription_id)
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
amounts as (
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
            when online.verdict in ('idle', 'idle-endpoint', 'rollback', 'failed', 'protected')
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
        end as cost_basis
    from online
    left join sums on sums.deployment_key = online.deployment_key
    left join rates on rates.deployment_key = online.deployment_key
    left join priced on priced.deployment_key = online.deployment_key
)
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
    case
        when is_mixed then 'billed in two currencies in the window, which are not added up'
        when not is_billed and cost_in_window is not null and provisioning_state = 'Succeeded'
            and (created_at is null or created_at::date <= cost_through - 2)
            then 'no line of the bill names it: its cost is among the unallocated'
        when billed_per_month is null then null
        when list_price_per_month > 0 and billed_per_month < list_price_per_month * 0.02
            then 'a reservation or savings plan seems to cover it: the bill will not fall'
        when verdict = 'failed' and billed_per_month > 0 then 'failed, but billed all the same'
        when list_price_per_month > 0 and billed_per_month < list_price_per_month * 0.75
            then 'billed below the list: a reservation, a savings plan, or fewer instances before'
        when list_price_per_month > 0 and billed_per_month > list_price_per_month * 1.25
            then 'billed above the list: more instances before, or other meters such as bandwidth'
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
from amounts
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

-- The same money grouped: by endpoint, workspace, subscription, owner, team, size and region.
-- without_cost and without_price: how many of the deployments are missing in the sums, because
-- their cost in the window, or their price, is not known; such groups come first.
create or replace view money_by_group as
with
rows_of_money as (
    select d.*, judged.team, m.* exclude (deployment_key, snapshot_id)
    from current_deployments as d
    join deployment_money as m on m.deployment_key = d.deployment_key
    join judgements as judged
        on judged.snapshot_id = d.snapshot_id and judged.deployment_key = d.deployment_key
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
    count(*) filter (where monthly_run_rate is null) as without_price,
    count(*) filter (where cost_in_window is null) as without_cost
from grouped
group by grouping_name, name, currency
order by
    grouping_name, without_price > 0 desc, monthly_run_rate desc nulls first, name nulls first;
