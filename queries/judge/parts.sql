-- Question: which endpoints are judged together?
-- Parameters: $size (how many deployments a part has, and the rest of its last endpoint);
--   $deployment_key (the only one whose endpoint is looked at; null: all).
-- Columns: endpoint_key; part (from 0). Endpoints that follow each other by id lie in one part, so
--   that what is kept of them is read together.
select
    d.endpoint_key,
    ((sum(count(*)) over (order by d.endpoint_key) - 1) // $size)::integer as part
from deployments as d
join asked on asked.snapshot_id = d.snapshot_id
where $deployment_key::varchar is null or d.deployment_key = $deployment_key
group by d.endpoint_key
