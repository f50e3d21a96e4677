-- Money by the groups of verdicts that the vocabulary names.

-- Amounts of each current managed deployment; null: not known. Amounts are in `currency`, a month is
-- 365/12 days of the run rate and 730 hours of the list price. ranking_amount is the larger of billed
-- and list, since a reservation hides an instance at 0. A sum is known where the bill was read, on
-- one basis and without a gap, from its first day (or the deployment's creation) on, and has reached
-- it.
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

-- The same with shares and words: why list and bill differ, and who is barely used.
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
    case
        when is_mixed then 'billed in two currencies in the window, which are not added up'
        when not is_billed and cost_in_window is not null and provisioning_state = 'Succeeded'
            and (created_at is null or created_at::date <= cost_through - 2)
            then 'no line of the bill names it: its cost is among the unallocated'
        when billed_per_month is null then null
        when list_price_per_month > 0 and billed_per_month < list_price_per_month * 0.02
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

-- The same money grouped: by endpoint, workspace, subscription, owner, team, size and region.
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
from grouped
group by grouping_name, name, currency
order by
    grouping_name, without_price > 0 desc, monthly_run_rate desc nulls first, name nulls first;

-- What each current managed deployment needed and could do with. Fewer instances and a smaller
-- size are two ways: saving_per_month is that of the better one. Null: not known.
create or replace view right_sizing as
select
    d.deployment_key,
    d.workspace,
    d.endpoint,
    d.deployment,
    d.region,
    d.instance_type,
    d.instance_count,
    sizing.* exclude (
        snapshot_id, deployment_key, share_saved_by_instances, share_saved_by_size, why_not, finding
    ),
    (money.monthly_run_rate * sizing.share_saved_by_instances)::decimal(38, 6)
        as saving_by_instances_per_month,
    (money.monthly_run_rate * sizing.share_saved_by_size)::decimal(38, 6)
        as saving_by_size_per_month,
    (
        money.monthly_run_rate * greatest(sizing.share_saved_by_instances, sizing.share_saved_by_size)
    )::decimal(38, 6) as saving_per_month,
    money.run_rate_source,
    money.currency,
    sizing.why_not,
    list_transform(
        sizing.why_not,
        lambda text: coalesce(nullif(regexp_extract(text, '^{"code":"([a-z0-9-]+)"', 1), ''), 'recorded')
    ) as why_not_codes
from current_deployments as d
join deployment_sizing as sizing
    on sizing.snapshot_id = d.snapshot_id and sizing.deployment_key = d.deployment_key
left join deployment_money as money on money.deployment_key = d.deployment_key;

-- What a list shows of every deployment of every snapshot: all findings, those of its money and its
-- size too, its tags as one JSON object, and its money as far as it is known.
create view listed_deployments as
select
    judged.* exclude (findings, reason_codes, finding_codes),
    list_concat(
        judged.findings,
        coalesce(money.money_findings, []),
        case when sizing.could_run_on_instances is not null or sizing.could_run_on_size is not null
            then [json_object(
                'code', 'less-would-do',
                'instances_needed', sizing.could_run_on_instances,
                'instances', judged.instance_count,
                'size_needed', sizing.could_run_on_size,
                'size', judged.instance_type,
                'saving_per_month', money.monthly_run_rate::double * greatest(
                    sizing.share_saved_by_instances, sizing.share_saved_by_size
                ),
                'currency', money.currency
            )::varchar]
        end
    ) as findings,
    (
        select json_group_object(tags.name, tags.value)
        from tags
        where tags.snapshot_id = judged.snapshot_id
            and tags.resource_key = judged.deployment_key
    )::varchar as tags,
    money.* exclude (deployment_key, snapshot_id, money_findings)
from judged_deployments as judged
left join deployment_money as money
    on money.deployment_key = judged.deployment_key and money.snapshot_id = judged.snapshot_id
left join deployment_sizing as sizing
    on sizing.deployment_key = judged.deployment_key and sizing.snapshot_id = judged.snapshot_id;

-- Every line of the bill with the verdict and the owner that its deployment had at the time: those
-- of the newest snapshot up to that day, bent by what is known since:
--   a verdict of having served nobody ends (as `asked`) with the first request after its snapshot;
--   where the next snapshot proves that nothing was asked since an earlier day, its verdict counts
--   from then on, unless the deployment was new, or kept on purpose.
-- Before the first snapshot that saw it, the days that its silence reaches back to count with that
-- snapshot's verdict, days with a request as `asked`, others as `not judged`. Both are null for
-- what is no deployment's. verdict_group: what the money was spent on.
create or replace view judged_costs as
with
seen as (
    select
        judged.deployment_key,
        judged.as_of::date as seen_on,
        arg_max(judged.verdict, judged.as_of) as verdict,
        arg_max(words.verdict_group, judged.as_of) as verdict_group,
        arg_max(judged.owner, judged.as_of) as owner,
        arg_max(judged.as_of::date - coalesce(judged.idle_days, 0), judged.as_of) as silent_since
    from judged_deployments as judged
    left join vocabulary_verdicts as words on words.verdict = judged.verdict
    join snapshots
        on snapshots.snapshot_id = judged.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.status in ('complete', 'partial')
    group by judged.deployment_key, judged.as_of::date
),
asked as (
    select distinct deployment_key, day
    from daily_requests
    where requests > 0
),
told as (
    select
        costs.*,
        seen.seen_on,
        seen.verdict as seen_verdict,
        seen.verdict_group as seen_group,
        seen.owner as seen_owner,
        later.verdict as later_verdict,
        later.verdict_group as later_group,
        later.owner as later_owner,
        coalesce(costs.day > later.silent_since, false) as is_silent_later,
        asked.day as asked_on
    from costs
    asof left join seen
        on seen.deployment_key = costs.deployment_key and seen.seen_on <= costs.day
    asof left join seen as later
        on later.deployment_key = costs.deployment_key and later.seen_on > costs.day
    asof left join asked
        on asked.deployment_key = costs.deployment_key and asked.day <= costs.day
),
judged as (
    select
        * exclude (
            seen_on, seen_verdict, seen_group, seen_owner, later_verdict, later_group, later_owner,
            is_silent_later, asked_on
        ),
        case
            when part not in ('deployment', 'deleted deployment') then null
            when seen_verdict is null and is_silent_later then later_verdict
            when seen_verdict is null and asked_on = day then 'asked'
            when seen_verdict is null then 'not judged'
            when later_group = 'serves-nobody' and is_silent_later
                and seen_group <> 'kept' and seen_verdict <> 'new'
                then later_verdict
            when seen_group = 'serves-nobody' and asked_on > seen_on then 'asked'
            else seen_verdict
        end as verdict,
        coalesce(seen_owner, later_owner) as owner
    from told
)
select judged.*, words.verdict_group
from judged
left join vocabulary_verdicts as words on words.verdict = judged.verdict;
