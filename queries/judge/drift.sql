-- Question: which tags that were written here has each deployment lost?
-- Columns: deployment_key, lost_names (in alphabetical order), missing_since (the first snapshot
--   that missed one of them, after it was last there), was_recreated (null: cannot be determined).
with
lost as (
    select drift.*
    from tag_drift as drift
    join asked on asked.snapshot_id = drift.snapshot_id
    where drift.found is null
),
last_seen as (
    select lost.deployment_key, lost.name, max(s.started_at) as seen_at
    from lost
    join tags as t
        on t.resource_key = lost.deployment_key and lower(trim(t.name)) = lower(trim(lost.name))
    join snapshots as s on s.snapshot_id = t.snapshot_id and s.started_at > lost.written_at
    group by lost.deployment_key, lost.name
),
missing as (
    select lost.deployment_key, lost.name, min(s.started_at) as missing_since
    from lost
    left join last_seen using (deployment_key, name)
    join deployments as d on d.deployment_key = lost.deployment_key
    join snapshots as s
        on s.snapshot_id = d.snapshot_id
        and s.started_at > coalesce(last_seen.seen_at, lost.written_at)
    group by lost.deployment_key, lost.name
)
select
    lost.deployment_key,
    list(lost.name order by lower(lost.name)) as lost_names,
    min(missing.missing_since) as missing_since,
    bool_or(lost.was_recreated) as was_recreated
from lost
join missing using (deployment_key, name)
group by lost.deployment_key
