-- Question: how much of a span is settled on the bill, and what did its newest settled days cost?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: currency; settled_through (the last day that no bill in the currency grows on any more);
--   bill, serving (billed from $first_day through it); newest_days (of the seven settled last, how
--   many are billed), newest_bill, newest_serving (what those cost). The seven may begin before
--   $first_day. serving and newest_serving are null where a bill names no deployment.
with
lines as (
    select costs.*, untagged.subscription_id is null as has_tags
    from billed_lines as costs
    left join untagged_bills as untagged on untagged.subscription_id = costs.subscription_id
    where costs.day between $first_day::date - 31 and $last_day
),
ends as (
    select lines.currency, least(min(settled.settled_through), $last_day::date) as settled_through
    from lines
    join settled_bills as settled on settled.subscription_id = lines.subscription_id
    group by lines.currency
),
settled as (
    select
        lines.*,
        ends.settled_through,
        lines.day >= $first_day as is_in_span,
        lines.day > ends.settled_through - 7 as is_newest,
        lines.endpoint is not null as is_serving
    from lines
    join ends on ends.currency = lines.currency and lines.day <= ends.settled_through
)
select
    currency,
    any_value(settled_through) as settled_through,
    coalesce(sum(cost) filter (where is_in_span), 0) as bill,
    case when bool_and(has_tags)
        then coalesce(sum(cost) filter (where is_in_span and is_serving), 0)
    end as serving,
    count(distinct day) filter (where is_newest) as newest_days,
    coalesce(sum(cost) filter (where is_newest), 0) as newest_bill,
    case when bool_and(has_tags)
        then coalesce(sum(cost) filter (where is_newest and is_serving), 0)
    end as newest_serving
from settled
group by currency
order by currency
