-- Question: since when could each current deployment be retired, without a break?
-- Parameters: none.
-- Columns: deployment_key; proposed_since (UTC: the first snapshot of the unbroken row of those that
--   say so). Only what could be retired now.
with
looks as materialized (
    select snapshot_id, started_at
    from snapshots
    where kind = 'snapshot' and status in ('complete', 'partial')
),
present as (
    select deployment_key, created_at from current_deployments
),
concluded as materialized (
    select
        versions.version,
        min(versions.version) over (partition by versions.deployment_key) as deployment,
        versions.deployment_key,
        present.created_at,
        words.may_be_retired
    from judgements_versions as versions
    join vocabulary_verdicts as words on words.verdict = versions.verdict
    join present on present.deployment_key = versions.deployment_key
),
-- The newest snapshots that say so, and that do not.
newest as materialized (
    select
        concluded.deployment,
        max(looks.started_at) filter (where concluded.may_be_retired) as proposed_at,
        max(looks.started_at) filter (where not concluded.may_be_retired) as broken_at
    from judgements_seen as seen
    join looks on looks.snapshot_id = seen.snapshot_id
    join concluded on concluded.version = seen.version
    where coalesce(concluded.created_at, looks.started_at) <= looks.started_at
    group by concluded.deployment
    having proposed_at > coalesce(broken_at, '-infinity')
),
proposing as materialized (
    select concluded.version, concluded.deployment_key, concluded.created_at, newest.broken_at
    from concluded
    join newest on newest.deployment = concluded.deployment
    where concluded.may_be_retired
)
select proposing.deployment_key, min(looks.started_at) as proposed_since
from judgements_seen as seen
join looks on looks.snapshot_id = seen.snapshot_id
join proposing on proposing.version = seen.version
where coalesce(proposing.created_at, looks.started_at) <= looks.started_at
    and looks.started_at > coalesce(proposing.broken_at, '-infinity')
group by proposing.deployment_key
