-- Question: what did each week of a span cost, by what its deployments were for?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: currency; week (its Monday); amounts in the currency: in_use, kept, served_nobody,
--   not_judged.
select
    currency,
    date_trunc('week', day)::date as week,
    coalesce(sum(cost) filter (where verdict in ('serving', 'shadow', 'direct', 'asked')), 0) as in_use,
    coalesce(sum(cost) filter (where verdict in ('rollback', 'protected')), 0) as kept,
    coalesce(sum(cost) filter (where verdict in ('idle', 'idle-endpoint', 'failed')), 0)
        as served_nobody,
    coalesce(sum(cost) filter (where verdict in ('new', 'unknown', 'not judged')), 0)
        as not_judged
from judged_costs
where day between $first_day and $last_day and part in ('deployment', 'deleted deployment')
group by currency, date_trunc('week', day)::date
order by currency, week
