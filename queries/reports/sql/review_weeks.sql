-- Question: what did each week of a span cost, by what its deployments were for?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: currency; week (its Monday); days (how many of its days are billed); amounts in the
--   currency, as in review_bills: served_nobody, not_judged, kept, in_use, endpoints_alone, serving.
select
    currency,
    date_trunc('week', day)::date as week,
    count(distinct day) as days,
    coalesce(sum(cost) filter (where verdict_group = 'serves-nobody'), 0)
        as served_nobody,
    coalesce(sum(cost) filter (where verdict_group = 'not-judged'), 0)
        as not_judged,
    coalesce(sum(cost) filter (where verdict_group = 'kept'), 0) as kept,
    coalesce(sum(cost) filter (where verdict_group = 'in-use'), 0)
        as in_use,
    coalesce(sum(cost) filter (where part = 'endpoint without deployment'), 0) as endpoints_alone,
    sum(cost) as serving
from judged_costs
where day between $first_day and $last_day and part <> 'training and shared'
group by currency, date_trunc('week', day)::date
order by currency, week
