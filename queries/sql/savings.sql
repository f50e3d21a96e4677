-- Question: what did each deletion promise to save, and what does the bill show since?
-- Parameters: $enough_days (settled days after the deletion that are needed), $longest_days (how many
--   are looked at, before and after).
-- Columns: target (ARM id); deployment_key; deleted_at, restored_at (UTC; null: not restored);
--   currency; amounts in it a month (365/12 days): forecast (at the deletion), before, after (what
--   the bill showed of it), siblings_before, siblings_after (of its endpoint's other deployments);
--   days_before, days_after (settled days of the bill that they rest on). Null: not known.
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
-- The two newest days of a bill still grow.
settled as (
    select lower(subscription_id) as subscription_id, max(day) - 2 as through
    from cost_lines
    where kind = 'bill'
    group by lower(subscription_id)
),
spans as (
    select
        deletions.*,
        restored.restored_at,
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
days as (
    select
        spans.deployment_key,
        spans.deleted_at,
        costs.currency,
        costs.deployment_key = spans.deployment_key as is_own,
        costs.day < spans.deleted_on as is_before,
        costs.day,
        sum(costs.cost) as cost
    from spans
    join costs
        on starts_with(
            costs.deployment_key,
            split_part(spans.deployment_key, '/deployments/', 1) || '/deployments/'
        )
        and costs.day between spans.deleted_on - $longest_days and spans.last_day
        and costs.day <> spans.deleted_on
    group by all
),
sums as (
    select
        deployment_key,
        deleted_at,
        currency,
        sum(cost) filter (where is_own and is_before) as own_before,
        sum(cost) filter (where is_own and not is_before) as own_after,
        sum(cost) filter (where not is_own and is_before) as siblings_before,
        sum(cost) filter (where not is_own and not is_before) as siblings_after,
        min(day) filter (where is_own and is_before) as first_day,
        count(distinct day) filter (where is_own and is_before) as days_billed
    from days
    group by deployment_key, deleted_at, currency
)
select
    spans.target,
    spans.deployment_key,
    spans.deleted_at,
    spans.restored_at,
    coalesce(sums.currency, spans.forecast_currency) as currency,
    case when sums.currency is null or spans.forecast_currency = sums.currency
        then spans.forecast
    end as forecast,
    (sums.own_before / nullif(sums.days_billed, 0) * 365 / 12)::decimal(38, 18) as before,
    case when spans.last_day - spans.deleted_on >= $enough_days and sums.days_billed > 0 then
        (coalesce(sums.own_after, 0) / (spans.last_day - spans.deleted_on) * 365 / 12)
            ::decimal(38, 18)
    end as after,
    case when spans.last_day - spans.deleted_on >= $enough_days and sums.days_billed > 0 then
        (coalesce(sums.siblings_before, 0) / (spans.deleted_on - sums.first_day) * 365 / 12)
            ::decimal(38, 18)
    end as siblings_before,
    case when spans.last_day - spans.deleted_on >= $enough_days and sums.days_billed > 0 then
        (coalesce(sums.siblings_after, 0) / (spans.last_day - spans.deleted_on) * 365 / 12)
            ::decimal(38, 18)
    end as siblings_after,
    coalesce(sums.days_billed, 0) as days_before,
    greatest(coalesce(spans.last_day - spans.deleted_on, 0), 0) as days_after
from spans
left join sums
    on sums.deployment_key = spans.deployment_key and sums.deleted_at = spans.deleted_at
order by spans.deleted_at, spans.target
