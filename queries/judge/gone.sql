-- Question: which deployments of earlier snapshots are not in this one?
-- Parameters: $snapshot_id; $deployment_key (only what lay as it does in its workspace is looked
--   for, under whatever group; null: all).
-- Columns: deployment_key, endpoint_key; subscription, workspace, endpoint, name (in lower case);
--   created_at; last_seen_at (UTC: the newest snapshot with it).
with
named as (
    select version, d.* exclude (version)
    from deployments_versions as d
    where d.created_at is not null
        and (
            $deployment_key::varchar is null
            or ends_with(
                d.deployment_key,
                '/providers/' || string_split($deployment_key::varchar, '/providers/')[2]
            )
        )
),
-- By version first: there are few of them, and a sighting for each day.
seen as materialized (
    select snapshot_id, version
    from deployments_seen
    where version in (select version from named)
),
sightings as (
    select seen.version, max(s.started_at) as last_seen_at
    from seen
    join snapshots as s on s.snapshot_id = seen.snapshot_id
    cross join asked
    where s.status <> 'running' and s.started_at < asked.as_of
    group by seen.version
)
select
    d.deployment_key,
    d.endpoint_key,
    lower(d.subscription_id) as subscription,
    lower(d.workspace) as workspace,
    lower(d.endpoint) as endpoint,
    lower(d.name) as name,
    max(d.created_at) as created_at,
    max(sightings.last_seen_at) as last_seen_at
from sightings
join named as d on d.version = sightings.version
where d.deployment_key not in (
        select held.deployment_key
        from deployments as held
        where held.snapshot_id = $snapshot_id
            and held.deployment_key in (select deployment_key from named)
    )
group by all
