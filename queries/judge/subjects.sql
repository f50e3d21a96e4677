-- Question: what is to be judged, when was it born, and what does its endpoint say of it?
-- Parameters: $snapshot_id; $deployment_key (the only one that is looked at; null: all), $part (of
--   `parts`).
-- Columns: number (of this part, for what is counted by it); the deployment's own; endpoint_state; live_percent, mirror_percent (0..100, null:
--   the map is unknown); first_seen_at (our first snapshot with it); absent_at (where Azure does
--   not report its creation: our last snapshot that read its endpoint without it); born_after
--   (UTC: it was made then or later, and its silence must be proven since; null: unknown).
-- A share counts by name without case. A missing mirror map is no mirror, a missing traffic map
-- is unknown.
with
own as (
    select d.*, row_number() over () as number
    from deployments as d
    join parts on parts.endpoint_key = d.endpoint_key and parts.part = $part
    where d.snapshot_id = $snapshot_id
        and ($deployment_key::varchar is null or d.deployment_key = $deployment_key)
),
shares as (
    select
        t.endpoint_key,
        t.deployment_name,
        sum(t.live_percent) as live_percent,
        sum(t.mirror_percent) as mirror_percent
    from traffic_shares as t
    where t.snapshot_id = $snapshot_id
    group by t.endpoint_key, t.deployment_name
),
own_versions as (
    select d.version, d.deployment_key, d.created_at
    from deployments_versions as d
    join own on own.deployment_key = d.deployment_key
    where $deployment_key::varchar is null or d.deployment_key = $deployment_key
),
-- By version first: there are few of them, and a sighting for each day.
seen as materialized (
    select snapshot_id, version
    from deployments_seen
    where version in (select version from own_versions)
),
seen_versions as (
    select seen.version, min(s.started_at) as first_seen_at
    from seen
    join snapshots as s on s.snapshot_id = seen.snapshot_id
    join asked on s.started_at <= asked.as_of
    where s.status <> 'running' or s.snapshot_id = asked.snapshot_id
    group by seen.version
),
sightings as (
    select
        own_versions.deployment_key,
        min(seen_versions.first_seen_at) as first_seen_at,
        max(own_versions.created_at) as created_at
    from seen_versions
    join own_versions on own_versions.version = seen_versions.version
    group by own_versions.deployment_key
),
absences as (
    select own.deployment_key, max(s.started_at) as absent_at
    from own
    join asked on own.created_at is null
    join endpoints as e on e.endpoint_key = own.endpoint_key
    join scope_reads as r
        on r.snapshot_id = e.snapshot_id
        and r.source = 'inventory'
        and (
            r.scope_key in (own.endpoint_key, own.workspace_key)
            or r.scope_key = '/subscriptions/' || lower(own.subscription_id)
        )
    join snapshots as s
        on s.snapshot_id = r.snapshot_id
        and s.status <> 'running'
        and s.started_at < asked.as_of
    left join deployments as held
        on held.snapshot_id = e.snapshot_id and held.deployment_key = own.deployment_key
    where held.deployment_key is null
    group by own.deployment_key
)
select
    own.*,
    e.provisioning_state as endpoint_state,
    e.endpoint_key is not null as endpoint_known,
    case when e.traffic_known then coalesce(shares.live_percent, 0) end as live_percent,
    case when e.endpoint_key is not null then coalesce(shares.mirror_percent, 0) end
        as mirror_percent,
    sightings.first_seen_at,
    absences.absent_at,
    coalesce(own.created_at, greatest(absences.absent_at, sightings.created_at)) as born_after
from own
left join endpoints as e
    on e.snapshot_id = $snapshot_id and e.endpoint_key = own.endpoint_key
left join shares
    on shares.endpoint_key = own.endpoint_key and shares.deployment_name = lower(own.name)
left join sightings on sightings.deployment_key = own.deployment_key
left join absences on absences.deployment_key = own.deployment_key
