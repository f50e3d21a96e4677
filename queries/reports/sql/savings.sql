-- Question: what did each deletion promise to save, and what does the bill show since?
-- Parameters: $enough_days (settled days after the deletion that are needed), $longest_days (how many
--   are looked at, before and after).
-- Columns: target (ARM id); deployment_key; deleted_at, restored_at (UTC; null: not restored);
--   currency; amounts in it a month (365/12 days): forecast (at the deletion), before, after (what
--   the bill showed of it), siblings_before, siblings_after (of its endpoint's other deployments,
--   without those that were deleted too); days_before, days_after (how many settled days of the
--   bill they rest on; a month that was not read is none of them); days_read_before (of how many
--   days before it the bill was read, whether or not it names the deployment). Null: not known.
with
deletions as (
    select
        target,
        '/' || lower(trim(target, '/')) as deployment_key,
        happened_at as deleted_at,
        happened_at::date as deleted_on,
        try_cast(evidence ->> '$.monthly_saving' as decimal(38, 18)) as forecast,
        evidence ->> '$.currency' as forecast_currency
    from journal
    where action in ('delete', 'delete-endpoint') and outcome in ('deleted', 'raced')
        and lower(target) like '%/deployments/%'
),
restored as (
    select
        deletions.deployment_key,
        deletions.deleted_at,
        min(journal.happened_at) as restored_at
    from deletions
    join journal
        on '/' || lower(trim(journal.target, '/')) in (
            deletions.deployment_key, split_part(deletions.deployment_key, '/deployments/', 1)
        )
        and journal.action = 'restore' and journal.outcome in ('done', 'restored')
        and journal.happened_at > deletions.deleted_at
    group by deletions.deployment_key, deletions.deleted_at
),
billed_through as (
    select subscription_id, max(day) as day
    from chosen_cost_lines
    where kind = 'bill'
    group by subscription_id
),
-- The two newest days of a bill still grow. Where nothing at all is billed any more, a day without
-- a line is one that cost nothing once the bill was read five days later.
settled as (
    select
        reads.subscription_id,
        greatest(max(reads.last_day) - 5, max(billed_through.day) - 2) as through
    from counted_reads as reads
    left join billed_through on billed_through.subscription_id = reads.subscription_id
    group by reads.subscription_id
),
spans as (
    select
        deletions.*,
        restored.restored_at,
        split_part(deletions.deployment_key, '/', 3) as subscription_id,
        split_part(deletions.deployment_key, '/deployments/', 1) || '/deployments/' as siblings,
        deletions.deleted_on - $longest_days as first_day,
        least(
            coalesce(restored.restored_at::date - 1, settled.through),
            settled.through,
            deletions.deleted_on + $longest_days
        ) as last_day
    from deletions
    left join settled
        on settled.subscription_id = split_part(deletions.deployment_key, '/', 3)
    left join restored
        on restored.deployment_key = deletions.deployment_key
        and restored.deleted_at = deletions.deleted_at
),
-- The day of the deletion is neither before nor after it.
read_days as (
    select spans.deployment_key, spans.deleted_at, calendar.day::date as day,
        calendar.day::date < spans.deleted_on as is_before
    from spans
    cross join generate_series(
        spans.first_day::timestamp,
        greatest(spans.last_day, spans.deleted_on - 1)::timestamp,
        interval 1 day
    ) as calendar (day)
    semi join counted_reads as reads
        on reads.subscription_id = spans.subscription_id
        and reads.month = date_trunc('month', calendar.day)
        and reads.last_day >= calendar.day
    where calendar.day::date <> spans.deleted_on
),
-- A deployment that is younger than the span begins with a day that is not whole.
began as (
    select spans.deployment_key, spans.deleted_at, costs.currency,
        case when min(costs.day) > spans.first_day and min(costs.day) < spans.deleted_on - 1
            then min(costs.day) + 1
            else min(costs.day)
        end as first_day
    from spans
    join costs
        on costs.deployment_key = spans.deployment_key
        and costs.day >= spans.first_day and costs.day < spans.deleted_on
    group by spans.deployment_key, spans.deleted_at, costs.currency, spans.first_day,
        spans.deleted_on
),
counted as (
    select
        began.deployment_key,
        began.deleted_at,
        began.currency,
        count(*) filter (where days.is_before and days.day >= began.first_day) as days_before,
        count(*) filter (where not days.is_before) as days_after
    from began
    join read_days as days
        on days.deployment_key = began.deployment_key and days.deleted_at = began.deleted_at
    group by began.deployment_key, began.deleted_at, began.currency
),
sums as (
    select
        spans.deployment_key,
        spans.deleted_at,
        began.currency,
        sum(costs.cost) filter (where is_own and days.is_before) as own_before,
        sum(costs.cost) filter (where is_own and not days.is_before) as own_after,
        sum(costs.cost) filter (where not is_own and days.is_before) as siblings_before,
        sum(costs.cost) filter (where not is_own and not days.is_before) as siblings_after
    from spans
    join began
        on began.deployment_key = spans.deployment_key and began.deleted_at = spans.deleted_at
    join read_days as days
        on days.deployment_key = spans.deployment_key and days.deleted_at = spans.deleted_at
        and days.day >= began.first_day
    join (select *, deployment_key as billed_key from costs) as costs
        on costs.day = days.day and costs.currency = began.currency
        and starts_with(costs.billed_key, spans.siblings)
    cross join lateral (select costs.billed_key = spans.deployment_key as is_own) as whose
    where is_own or not exists (
        select 1
        from deletions as others
        where others.deployment_key = costs.billed_key
            and others.deleted_on between spans.first_day and spans.last_day
    )
    group by spans.deployment_key, spans.deleted_at, began.currency
),
known as (
    select
        spans.target,
        spans.deployment_key,
        spans.deleted_at,
        spans.restored_at,
        spans.forecast,
        spans.forecast_currency,
        counted.currency,
        coalesce(counted.days_before, 0) as days_before,
        coalesce(counted.days_after, (
            select count(*)
            from read_days as days
            where days.deployment_key = spans.deployment_key
                and days.deleted_at = spans.deleted_at and not days.is_before
        )) as days_after,
        (
            select count(*)
            from read_days as days
            where days.deployment_key = spans.deployment_key
                and days.deleted_at = spans.deleted_at and days.is_before
        ) as days_read_before,
        coalesce(sums.own_before, 0) as own_before,
        coalesce(sums.own_after, 0) as own_after,
        coalesce(sums.siblings_before, 0) as siblings_before,
        coalesce(sums.siblings_after, 0) as siblings_after
    from spans
    left join counted
        on counted.deployment_key = spans.deployment_key
        and counted.deleted_at = spans.deleted_at
    left join sums
        on sums.deployment_key = spans.deployment_key and sums.deleted_at = spans.deleted_at
        and sums.currency = counted.currency
)
select
    target,
    deployment_key,
    deleted_at,
    restored_at,
    coalesce(currency, forecast_currency) as currency,
    case when currency is null or forecast_currency = currency then forecast end as forecast,
    (own_before / nullif(days_before, 0) * 365 / 12)::decimal(38, 18) as before,
    case when days_after >= $enough_days and days_before > 0
        then (own_after / days_after * 365 / 12)::decimal(38, 18)
    end as after,
    case when days_after >= $enough_days and days_before > 0
        then (siblings_before / days_before * 365 / 12)::decimal(38, 18)
    end as siblings_before,
    case when days_after >= $enough_days and days_before > 0
        then (siblings_after / days_after * 365 / 12)::decimal(38, 18)
    end as siblings_after,
    days_before,
    days_after,
    days_read_before
from known
order by deleted_at, target
