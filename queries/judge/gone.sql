-- Question: which deployments of earlier snapshots are not in this one?
-- Parameters: $deployment_key (only those of its name are looked for; null: all).
-- Columns: deployment_key, endpoint_key; subscription, workspace, endpoint, name (in lower case);
--   created_at; last_seen_at (UTC: the newest snapshot with it).
select
    d.deployment_key,
    d.endpoint_key,
    lower(d.subscription_id) as subscription,
    lower(d.workspace) as workspace,
    lower(d.endpoint) as endpoint,
    lower(d.name) as name,
    max(d.created_at) as created_at,
    max(s.started_at) as last_seen_at
from deployments as d
join snapshots as s on s.snapshot_id = d.snapshot_id
cross join asked
where s.status <> 'running'
    and s.started_at < asked.as_of
    and d.created_at is not null
    and (
        $deployment_key::varchar is null
        or lower(d.name) = string_split($deployment_key::varchar, '/')[-1]
    )
    and not exists (
        select 1
        from deployments as held
        where held.snapshot_id = asked.snapshot_id and held.deployment_key = d.deployment_key
    )
group by all
