-- Question: whose deployments served nobody in a span of days, and what did they cost?
-- Parameters: $first_day, $last_day (dates, both inclusive, of whole months in spent).
-- Columns: owner (null: none is known); currency; served_nobody (billed, in the currency);
--   deployments (how many).
select
    owner,
    currency,
    sum(cost) as served_nobody,
    count(distinct deployment_key) as deployments
from spent
where month between $first_day and $last_day and verdict_group = 'serves-nobody'
group by owner, currency
order by currency, served_nobody desc, owner
