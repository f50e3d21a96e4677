-- Question: which tags that were written here were lost or changed, as the newest snapshots tell?
-- Parameters: none.
-- Columns: deployment_key, name, value (as written), found (null: lost), written_at (UTC),
--   written_by, missing_since (UTC: the first snapshot without it after it was last there, with
--   that value or another; null: changed), tagged_created_at (UTC), was_recreated (null: cannot be
--   told).
with
drift as (
    select tag_drift.*
    from tag_drift
    join newest_reads as newest on newest.snapshot_id = tag_drift.snapshot_id
    join deployments as d
        on d.snapshot_id = tag_drift.snapshot_id
        and d.deployment_key = tag_drift.deployment_key
        and d.workspace_key = newest.workspace_key
),
last_seen as (
    select drift.deployment_key, drift.name, max(s.started_at) as seen_at
    from drift
    join tags as t
        on t.resource_key = drift.deployment_key and lower(trim(t.name)) = lower(trim(drift.name))
    join snapshots as s on s.snapshot_id = t.snapshot_id and s.started_at > drift.written_at
    where drift.found is null
    group by drift.deployment_key, drift.name
),
missing as (
    select drift.deployment_key, drift.name, min(s.started_at) as missing_since
    from drift
    left join last_seen using (deployment_key, name)
    join deployments as d on d.deployment_key = drift.deployment_key
    join snapshots as s
        on s.snapshot_id = d.snapshot_id
        and s.started_at > coalesce(last_seen.seen_at, drift.written_at)
    where drift.found is null
    group by drift.deployment_key, drift.name
)
select
    drift.deployment_key,
    drift.name,
    drift.value,
    drift.found,
    drift.written_at,
    drift.written_by,
    missing.missing_since,
    drift.tagged_created_at,
    drift.was_recreated
from drift
left join missing using (deployment_key, name)
order by drift.deployment_key, lower(drift.name)
