-- What deletions save: money not spent since, day by day, against the rate just before each.

-- The month in which the fiscal year begins (1 to 12), by the settings as of the newest run.
alter table money_rules add column fiscal_year_start integer;

-- Every deletion of a deployment, by the journal. deployment_key, endpoint_key: ARM ids in lower
-- case; restored_at: when it came back by a restore; ended_at: when its saving ended, by a restore
-- or by the next deletion under the same name (null: it goes on); forecast: a month, in
-- forecast_currency, as it was at the deletion.
create view deletions as
with
done as (
    select
        target,
        '/' || lower(trim(target, '/')) as deployment_key,
        happened_at as deleted_at,
        try_cast(evidence ->> '$.monthly_saving' as decimal(38, 18)) as forecast,
        evidence ->> '$.currency' as forecast_currency
    from journal
    where action in ('delete', 'delete-endpoint') and outcome in ('deleted', 'raced')
        and lower(target) like '%/deployments/%'
),
restores as (
    select '/' || lower(trim(target, '/')) as restored_key, happened_at as restored_at
    from journal
    where action = 'restore' and outcome in ('done', 'restored')
),
followed as (
    select
        *,
        lead(deleted_at) over (partition by deployment_key order by deleted_at) as deleted_again_at
    from done
)
select
    followed.target,
    followed.deployment_key,
    split_part(followed.deployment_key, '/deployments/', 1) as endpoint_key,
    split_part(followed.deployment_key, '/', 3) as subscription_id,
    followed.deleted_at,
    min(restores.restored_at) as restored_at,
    coalesce(min(restores.restored_at), followed.deleted_again_at) as ended_at,
    followed.forecast,
    followed.forecast_currency
from followed
left join restores
    on restores.restored_key in (
        followed.deployment_key, split_part(followed.deployment_key, '/deployments/', 1)
    )
    and restores.restored_at > followed.deleted_at
    and (followed.deleted_again_at is null or restores.restored_at < followed.deleted_again_at)
group by followed.target, followed.deployment_key, followed.deleted_at,
    followed.deleted_again_at, followed.forecast, followed.forecast_currency;

-- The last day of each subscription's bill that no longer grows: two days before the newest billed
-- one. Where nothing at all is billed any more, a day without a line is one that cost nothing once
-- the bill was read five days later.
create view settled_bills as
with
billed as (
    select subscription_id, max(day) as day
    from chosen_cost_lines
    where kind = 'bill'
    group by subscription_id
)
select
    reads.subscription_id,
    greatest(max(reads.last_day) - 5, max(billed.day) - 2) as settled_through
from counted_reads as reads
left join billed on billed.subscription_id = reads.subscription_id
group by reads.subscription_id;

-- What the bill says of each deletion, a row per day: from seven days before it to the last settled
-- day of its saving. A day is here when its month was read that far. is_tagged: its month names a
-- deployment, any, or it is billed; is_before: a whole day before the deletion on which the deployment was there, of
-- such a month; the day of the deletion belongs to its saving.
-- currency: that of its bill just before, else of its forecast; cost, siblings_cost: billed on that
-- day for it, and for the deployments of its endpoint that were never deleted here.
create view days_of_deletions as
with
created as (
    select
        deletions.deployment_key,
        deletions.deleted_at,
        arg_max(deployments.created_at, snapshots.started_at) as created_at
    from deletions
    join deployments on deployments.deployment_key = deletions.deployment_key
    join snapshots
        on snapshots.snapshot_id = deployments.snapshot_id
        and snapshots.started_at <= deletions.deleted_at
    where deployments.created_at <= deletions.deleted_at
    group by deletions.deployment_key, deletions.deleted_at
),
own as (
    select
        deletions.deployment_key, deletions.deleted_at, costs.day, costs.currency,
        sum(costs.cost) as cost
    from deletions
    join costs on costs.deployment_key = deletions.deployment_key
    where costs.day >= deletions.deleted_at::date - 8
    group by deletions.deployment_key, deletions.deleted_at, costs.day, costs.currency
),
currencies as (
    select deployment_key, deleted_at, arg_max(currency, cost) as currency, min(day) as first_billed
    from own
    where day <= deleted_at::date
    group by deployment_key, deleted_at
),
-- A day on which it was created is not whole. Of one whose creation is not known, the first billed
-- day may be that day.
spans as (
    select
        deletions.*,
        coalesce(currencies.currency, deletions.forecast_currency) as currency,
        deletions.deleted_at::date as deleted_on,
        greatest(
            deletions.deleted_at::date - 7,
            coalesce(
                created.created_at::date + 1,
                case when currencies.first_billed > deletions.deleted_at::date - 8
                    then currencies.first_billed + 1
                end
            )
        ) as first_day,
        least(settled.settled_through, deletions.ended_at::date) as last_day
    from deletions
    join settled_bills as settled on settled.subscription_id = deletions.subscription_id
    left join created
        on created.deployment_key = deletions.deployment_key
        and created.deleted_at = deletions.deleted_at
    left join currencies
        on currencies.deployment_key = deletions.deployment_key
        and currencies.deleted_at = deletions.deleted_at
),
read_days as (
    select spans.*, calendar.day::date as day
    from spans
    cross join generate_series(
        (deleted_on - 7)::timestamp, last_day::timestamp, interval 1 day
    ) as calendar (day)
    semi join counted_reads as reads
        on reads.subscription_id = spans.subscription_id
        and reads.month = date_trunc('month', calendar.day)
        and reads.last_day >= calendar.day
),
kept_siblings as (
    select
        split_part(costs.deployment_key, '/deployments/', 1) as endpoint_key, costs.day,
        costs.currency, sum(costs.cost) as cost
    from costs
    semi join deletions
        on deletions.endpoint_key = split_part(costs.deployment_key, '/deployments/', 1)
    anti join deletions as gone on gone.deployment_key = costs.deployment_key
    group by all
)
select
    days.target,
    days.deployment_key,
    days.endpoint_key,
    days.deleted_at,
    days.currency,
    days.day,
    own.cost is not null or coalesce(tagging.tagged_lines, 0) > 0 as is_tagged,
    is_tagged and days.day >= days.first_day and days.day < days.deleted_on as is_before,
    days.day >= days.deleted_on as is_since,
    days.day > days.deleted_on
        and (days.ended_at is null or days.day < days.ended_at::date) as is_whole,
    coalesce(own.cost, 0) as cost,
    own.cost is not null as is_billed,
    coalesce(siblings.cost, 0) as siblings_cost
from read_days as days
left join bill_tagging as tagging
    on tagging.subscription_id = split_part(days.deployment_key, '/', 3)
    and tagging.month = date_trunc('month', days.day)
left join own
    on own.deployment_key = days.deployment_key and own.deleted_at = days.deleted_at
    and own.day = days.day and own.currency = days.currency
left join kept_siblings as siblings
    on siblings.endpoint_key = days.endpoint_key
    and siblings.day = days.day and siblings.currency = days.currency;

-- Each deletion's rate just before it: the median of the whole days of the week before, a day, in
-- currency; of its own, and of the deployments of its endpoint that stayed. Null: no such day was
-- read. days_read_before: how many days of that week were read, whole or not, days_tagged_before of
-- them in months that name a deployment; days_since: whole settled days since the deletion;
-- cost_since: billed for it on those.
create view rates_before_deletions as
select
    target,
    deployment_key,
    endpoint_key,
    deleted_at,
    any_value(currency) as currency,
    (median(cost) filter (where is_before))::decimal(38, 18) as rate_before,
    (median(siblings_cost) filter (where is_before))::decimal(38, 18) as siblings_before,
    count(*) filter (where is_before) as days_before,
    count(*) filter (where not is_since) as days_read_before,
    count(*) filter (where not is_since and is_tagged) as days_tagged_before,
    count(*) filter (where is_whole) as days_since,
    coalesce(sum(cost) filter (where is_whole), 0) as cost_since
from days_of_deletions
group by target, deployment_key, endpoint_key, deleted_at;

-- The ledger: what each deletion saved in each month, in currency. saved: the days' rates less what
-- was still billed, no day below nothing; growth: by how much the deployments that stayed cost more
-- than just before, shared among the deletions of the endpoint by what they saved, at most that.
-- days: settled days of the month. A settled month is never booked again.
create view savings_by_month as
with
months as (
    select
        days.target,
        days.deployment_key,
        days.endpoint_key,
        days.deleted_at,
        rates.currency,
        date_trunc('month', days.day)::date as month,
        count(*) as days,
        sum(greatest(rates.rate_before - days.cost, 0)) as saved,
        greatest(sum(days.siblings_cost - rates.siblings_before), 0) as whole_growth
    from days_of_deletions as days
    join rates_before_deletions as rates
        on rates.deployment_key = days.deployment_key and rates.deleted_at = days.deleted_at
    where days.is_since and rates.rate_before is not null
    group by all
),
shared as (
    select
        *,
        sum(saved) over (partition by endpoint_key, currency, month) as saved_by_endpoint
    from months
)
select
    target,
    deployment_key,
    deleted_at,
    currency,
    month,
    days,
    saved,
    case
        when saved = 0 then 0
        when saved = saved_by_endpoint then least(saved, whole_growth)
        else least(saved, (whole_growth * (saved / saved_by_endpoint))::decimal(38, 12))
    end as growth
from shared;

-- The same by quarter of the fiscal year; a quarter is named by the calendar year in which its
-- fiscal year begins. deletions: how many saved in it.
create view savings_by_quarter as
with
begins as (
    select coalesce(max(fiscal_year_start), 1) as month
    from money_rules
),
placed as (
    select
        saved.*,
        year(saved.month) * 12 + month(saved.month) - begins.month as months
    from savings_by_month as saved
    cross join begins
),
named as (
    select
        placed.*,
        (months // 12)::varchar || '-Q' || ((months % 12) // 3 + 1)::varchar as quarter
    from placed
)
select
    quarter,
    min(month) as first_month,
    currency,
    count(distinct (deployment_key, deleted_at)) as deletions,
    sum(days) as days,
    sum(saved) as saved,
    sum(growth) as growth
from named
group by quarter, currency;
