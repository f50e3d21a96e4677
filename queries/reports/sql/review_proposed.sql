-- Question: since when could each current deployment be retired, without a break?
-- Parameters: none.
-- Columns: deployment_key; proposed_since (UTC: the first snapshot of the unbroken row of those that
--   say so). Only what could be retired now.
with
said as (
    select
        judged.deployment_key,
        judged.as_of,
        words.may_be_retired
    from judged_deployments as judged
    join snapshots
        on snapshots.snapshot_id = judged.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.status in ('complete', 'partial')
    join vocabulary_verdicts as words on words.verdict = judged.verdict
    semi join current_deployments as present
        on present.deployment_key = judged.deployment_key
        and coalesce(present.created_at, judged.as_of) <= judged.as_of
),
broken as (
    select deployment_key, max(as_of) as as_of
    from said
    where not may_be_retired
    group by deployment_key
)
select said.deployment_key, min(said.as_of) as proposed_since
from said
left join broken on broken.deployment_key = said.deployment_key
where broken.as_of is null or said.as_of > broken.as_of
group by said.deployment_key
