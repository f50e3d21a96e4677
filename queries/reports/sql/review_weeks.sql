-- Question: what did each week of a span cost, by what its deployments were for?
-- Parameters: $first_day, $last_day (dates, both inclusive, of whole months in spent).
-- Columns: currency; week (its Monday); days (how many of its days are billed); amounts in the
--   currency, as in review_bills: served_nobody, not_judged, kept, in_use, endpoints_alone, serving.
with
lines as (
    from spent where month between $first_day and $last_day
),
sums as (
    select
        currency,
        week,
        bit_count(bit_or(days)) as days,
        coalesce(sum(cost) filter (where verdict_group = 'serves-nobody'), 0) as served_nobody,
        coalesce(sum(cost) filter (where verdict_group = 'not-judged'), 0) as not_judged,
        coalesce(sum(cost) filter (where verdict_group = 'kept'), 0) as kept,
        coalesce(sum(cost) filter (where verdict_group = 'in-use'), 0) as in_use,
        coalesce(sum(cost) filter (where part = 'endpoint without deployment'), 0) as endpoints_alone,
        coalesce(sum(cost) filter (where part <> 'training and shared'), 0) as serving,
        bool_and(has_tags) as has_tags
    from lines
    where part <> 'training and shared' or not has_tags
    group by currency, week
)
select
    currency,
    week,
    days,
    case when has_tags then served_nobody end as served_nobody,
    case when has_tags then not_judged end as not_judged,
    case when has_tags then kept end as kept,
    case when has_tags then in_use end as in_use,
    case when has_tags then endpoints_alone end as endpoints_alone,
    case when has_tags then serving end as serving
from sums
order by currency, week
