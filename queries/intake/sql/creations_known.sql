-- Question: when were these deployments created, as far as any snapshot or guard has read?
-- Parameters: $deployment_keys (list).
-- Columns: deployment_key, created_at (UTC: the latest that was read).
select d.deployment_key, max(d.created_at) as created_at
from deployments as d
join (select unnest($deployment_keys::varchar[]) as deployment_key) as wanted
    on wanted.deployment_key = d.deployment_key
where d.created_at is not null
group by d.deployment_key
