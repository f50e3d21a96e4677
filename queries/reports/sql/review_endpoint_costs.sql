-- Question: what did each endpoint cost in a span, and how many requests did that pay for?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: endpoint_key; currency; cost (billed for its deployments and itself); days (whole days
--   that are billed and whose requests were read); requests (of those days; null: Azure gave no
--   value), cost_of_days (billed on them; null: there is none). A day's requests are the larger of
--   what both namespaces of metrics say.
with
billed as (
    select
        resource_key || '/onlineendpoints/' || endpoint as endpoint_key,
        day,
        currency,
        sum(cost) as cost
    from judged_costs
    where day between $first_day and $last_day and resource_key is not null and endpoint is not null
    group by all
),
-- The part of a deployment's key before its own name.
read as (
    select distinct regexp_extract(resource_key, '^(.*/onlineendpoints/[^/]+)', 1) as endpoint_key, day
    from answered_days
    where metric = 'RequestsPerMinute' and is_whole and day between $first_day and $last_day
),
by_deployment as (
    select deployment_key, day, max(requests) as requests
    from daily_requests
    where day between $first_day and $last_day
    group by deployment_key, day
),
asked as (
    select
        regexp_extract(deployment_key, '^(.*/onlineendpoints/[^/]+)', 1) as endpoint_key,
        day,
        sum(requests) as requests
    from by_deployment
    group by all
)
select
    billed.endpoint_key,
    billed.currency,
    sum(billed.cost) as cost,
    count(read.day) as days,
    sum(asked.requests) filter (where read.day is not null) as requests,
    sum(billed.cost) filter (where read.day is not null) as cost_of_days
from billed
left join read on read.endpoint_key = billed.endpoint_key and read.day = billed.day
left join asked on asked.endpoint_key = billed.endpoint_key and asked.day = billed.day
group by billed.endpoint_key, billed.currency
order by billed.currency, sum(billed.cost) desc, billed.endpoint_key
