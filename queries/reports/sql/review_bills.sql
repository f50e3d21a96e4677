-- Question: what did serving cost in a span of days, and which part of it served nobody?
-- Parameters: $first_day, $last_day (dates, both inclusive, of whole months in spent).
-- Columns: currency; amounts in it, as billed: bill (all of it), serving (deployments and endpoints),
--   in_use, served_nobody, kept (rollback, protected), not_judged (new, unknown, or not yet seen),
--   endpoints_alone (endpoints without a deployment), elsewhere (training and shared);
--   billed_through (the newest day of the span that is on the bill), billed_days (how many are).
-- All but bill is null where one of the bills in the currency names no deployment.
with
lines as (
    from spent where month between $first_day and $last_day
),
billed_days as (
    select currency, sum(bit_count(days)) as billed_days
    from (select currency, month, week, bit_or(days) as days from lines group by all)
    group by currency
),
sums as (
    select
        currency,
        sum(cost) as bill,
        coalesce(sum(cost) filter (where part <> 'training and shared'), 0) as serving,
        coalesce(sum(cost) filter (where verdict_group = 'in-use'), 0) as in_use,
        coalesce(sum(cost) filter (where verdict_group = 'serves-nobody'), 0) as served_nobody,
        coalesce(sum(cost) filter (where verdict_group = 'kept'), 0) as kept,
        coalesce(sum(cost) filter (where verdict_group = 'not-judged'), 0) as not_judged,
        coalesce(sum(cost) filter (where part = 'endpoint without deployment'), 0) as endpoints_alone,
        coalesce(sum(cost) filter (where part = 'training and shared'), 0) as elsewhere,
        max(billed_through) as billed_through,
        bool_and(has_tags) as has_tags
    from lines
    group by currency
)
select
    currency,
    bill,
    case when has_tags then serving end as serving,
    case when has_tags then in_use end as in_use,
    case when has_tags then served_nobody end as served_nobody,
    case when has_tags then kept end as kept,
    case when has_tags then not_judged end as not_judged,
    case when has_tags then endpoints_alone end as endpoints_alone,
    case when has_tags then elsewhere end as elsewhere,
    billed_through,
    billed_days.billed_days
from sums
join billed_days using (currency)
order by currency
