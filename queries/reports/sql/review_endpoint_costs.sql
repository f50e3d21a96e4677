-- Question: what did each endpoint cost in a span, and how many requests did that pay for?
-- Parameters: $first_day, $last_day (dates, both inclusive).
-- Columns: endpoint_key; currency; cost (billed for its deployments and itself); days (whole days
--   that are billed and whose requests were read); requests (of those days; null: Azure gave no
--   value), cost_of_days (billed on them; null: there is none). A day's requests are the larger of
--   what both namespaces of metrics say.
with
billed as materialized (
    select
        resource_key || '/onlineendpoints/' || endpoint as endpoint_key,
        day,
        currency,
        sum(cost) as cost
    from costs
    where day between $first_day and $last_day and resource_key is not null and endpoint is not null
    group by all
),
-- Of a deployment, the part of its key before its own name.
homes as materialized (
    select
        resource,
        resource_key,
        regexp_extract(resource_key, '^(.*/onlineendpoints/[^/]+)', 1) as endpoint_key
    from resources
    where endpoint_key in (select billed.endpoint_key from billed)
),
of_resource as (
    select
        unnest(resources) as resource,
        greatest(first_day, $first_day::date) as first_day,
        least(last_day, $last_day::date) as last_day,
        read_at
    from metric_answers
    where state = 'answered' and list_contains(metrics, 'RequestsPerMinute')
        and last_day >= $first_day and first_day <= $last_day
),
answered as (
    select
        homes.endpoint_key,
        unnest(generate_series(answers.first_day, answers.last_day, interval 1 day))::date as day,
        answers.read_at
    from of_resource as answers
    join homes using (resource)
),
read as (
    select distinct answered.endpoint_key, answered.day
    from answered
    where answered.read_at >= answered.day + interval 1 day
),
by_deployment as (
    select deployment_key, day, max(requests) as requests
    from daily_requests
    where day between $first_day and $last_day
        and deployment_key in (select resource_key from homes)
    group by deployment_key, day
),
asked as (
    select homes.endpoint_key, by_deployment.day, sum(by_deployment.requests) as requests
    from by_deployment
    join homes on homes.resource_key = by_deployment.deployment_key
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
