-- Question: which deployments vanished in a span of days, and who deleted them?
-- Parameters: $first_day, $last_day (both counted).
-- Columns: deployment_key; deployment (workspace/endpoint/deployment); last_seen_at, missed_at (UTC:
--   the last snapshot that saw it, and the next that read its scope and did not); deleted_at (UTC),
--   deleted_by (by the Activity Log, the deletion of its endpoint or workspace too; null: not
--   known). What is there again is left out.
with
looks as (
    select snapshots.snapshot_id, snapshots.started_at, snapshots.finished_at, reads.scope_key
    from snapshots
    join scope_reads as reads
        on reads.snapshot_id = snapshots.snapshot_id and reads.source = 'inventory'
    where snapshots.kind = 'snapshot' and snapshots.status in ('complete', 'partial')
),
-- By version first: there are few of them, and a sighting for each day.
sightings as (
    select seen.version, max(snapshots.started_at) as last_seen_at
    from deployments_seen as seen
    join snapshots
        on snapshots.snapshot_id = seen.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.status in ('complete', 'partial')
    group by seen.version
),
seen as (
    select
        found.deployment_key,
        any_value(found.endpoint_key) as endpoint_key,
        any_value(found.workspace_key) as workspace_key,
        any_value(lower(found.subscription_id)) as subscription_id,
        arg_max(
            concat_ws('/', found.workspace, found.endpoint, found.name), sightings.last_seen_at
        ) as deployment,
        max(sightings.last_seen_at) as last_seen_at
    from deployments_versions as found
    join sightings on sightings.version = found.version
    group by found.deployment_key
    having max(sightings.last_seen_at) < (select max(started_at) from looks)
),
missed as (
    select
        seen.*,
        min(looks.started_at) as missed_at,
        arg_min(coalesce(looks.finished_at, looks.started_at), looks.started_at) as missed_until
    from seen
    join looks
        on looks.started_at > seen.last_seen_at
        and looks.scope_key in (seen.workspace_key, '/subscriptions/' || seen.subscription_id)
    group by all
),
resources as (
    select
        missed.*,
        unnest([deployment_key, endpoint_key, workspace_key]) as resource_key
    from missed
),
ended as (
    select
        resources.deployment_key,
        max(done.happened_at) as deleted_at,
        arg_max_null(done.changed_by, done.happened_at) as deleted_by
    from resources
    join activity as done
        on done.resource_key = resources.resource_key
        and done.operation = 'deleted'
        and done.took_effect
        and done.happened_at > resources.last_seen_at
        and done.started_at <= resources.missed_until
    group by resources.deployment_key
)
select
    missed.deployment_key,
    missed.deployment,
    missed.last_seen_at,
    missed.missed_at,
    ended.deleted_at,
    ended.deleted_by
from missed
left join ended on ended.deployment_key = missed.deployment_key
where coalesce(ended.deleted_at, missed.missed_at)::date between $first_day and $last_day
order by coalesce(ended.deleted_at, missed.missed_at), missed.deployment
