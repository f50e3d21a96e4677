-- Question: which endpoints are judged together?
-- Parameters: $snapshot_id; $size (how many deployments a part has at least, and the rest of its last endpoint),
--   $most (how many parts there are at most); $deployment_key (the only one whose endpoint is looked
--   at; null: all).
-- Columns: endpoint_key; part (from 0). Endpoints that follow each other by id lie in one part, so
--   that what is kept of them is read together.
with
counted as (
    select
        d.endpoint_key,
        sum(count(*)) over (order by d.endpoint_key) as up_to_it,
        sum(count(*)) over () as in_all
    from deployments as d
    where d.snapshot_id = $snapshot_id
        and ($deployment_key::varchar is null or d.deployment_key = $deployment_key)
    group by d.endpoint_key
)
select
    endpoint_key,
    ((up_to_it - 1) // greatest($size, ceil(in_all / $most)))::integer as part
from counted
