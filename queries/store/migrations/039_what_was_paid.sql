-- The bill with verdicts, from what snapshots saw of the deployments that it names.

-- Every line of the bill with the verdict and the owner that its deployment had at the time: those
-- of the newest snapshot up to that day, bent by what is known since:
--   a verdict of having served nobody ends (as `asked`) with the first request after its snapshot;
--   where the next snapshot proves that nothing was asked since an earlier day, its verdict counts
--   from then on, unless the deployment was new, or kept on purpose.
-- Before the first snapshot that saw it, the days that its silence reaches back to count with that
-- snapshot's verdict, days with a request as `asked`, others as `not judged`. Both are null for
-- what is no deployment's. verdict_group: what the money was spent on. owner, team, cost_center and
-- instance_type: what its deployment was at the time, likewise.
create or replace view judged_costs as
with
-- Only what the bill names is looked at: all that snapshots saw of all others is far more.
paid as materialized (
    select distinct deployment_key
    from costs
    where deployment_key is not null
),
found as (
    from deployments where deployment_key in (select paid.deployment_key from paid)
),
concluded as (
    from judgements where deployment_key in (select paid.deployment_key from paid)
),
seen as (
    select
        found.deployment_key,
        snapshots.started_at::date as seen_on,
        arg_max(concluded.verdict, snapshots.started_at) as verdict,
        arg_max(words.verdict_group, snapshots.started_at) as verdict_group,
        arg_max(concluded.owner, snapshots.started_at) as owner,
        arg_max(concluded.team, snapshots.started_at) as team,
        arg_max(concluded.cost_center, snapshots.started_at) as cost_center,
        arg_max(found.instance_type, snapshots.started_at) as instance_type,
        arg_max(
            snapshots.started_at::date - coalesce(concluded.idle_days, 0), snapshots.started_at
        ) as silent_since
    from found
    join concluded
        on concluded.snapshot_id = found.snapshot_id
        and concluded.deployment_key = found.deployment_key
    left join vocabulary_verdicts as words on words.verdict = concluded.verdict
    join snapshots
        on snapshots.snapshot_id = found.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.status in ('complete', 'partial')
    group by found.deployment_key, snapshots.started_at::date
),
asked as (
    select distinct points.deployment_key, points.day
    from measured_points as points
    semi join paid on paid.deployment_key = points.deployment_key
    where points.asked_minutes = 1440 and points.requests > 0
),
told as (
    select
        costs.*,
        seen.seen_on,
        seen.verdict as seen_verdict,
        seen.verdict_group as seen_group,
        seen.owner as seen_owner,
        coalesce(seen.team, later.team) as team,
        coalesce(seen.cost_center, later.cost_center) as cost_center,
        coalesce(seen.instance_type, later.instance_type) as instance_type,
        later.verdict as later_verdict,
        later.verdict_group as later_group,
        later.owner as later_owner,
        coalesce(costs.day > later.silent_since, false) as is_silent_later,
        asked.day as asked_on
    from costs
    asof left join seen
        on seen.deployment_key = costs.deployment_key and seen.seen_on <= costs.day
    asof left join seen as later
        on later.deployment_key = costs.deployment_key and later.seen_on > costs.day
    asof left join asked
        on asked.deployment_key = costs.deployment_key and asked.day <= costs.day
),
judged as (
    select
        * exclude (
            seen_on, seen_verdict, seen_group, seen_owner, later_verdict, later_group, later_owner,
            is_silent_later, asked_on
        ),
        case
            when part not in ('deployment', 'deleted deployment') then null
            when seen_verdict is null and is_silent_later then later_verdict
            when seen_verdict is null and asked_on = day then 'asked'
            when seen_verdict is null then 'not judged'
            when later_group = 'serves-nobody' and is_silent_later
                and seen_group <> 'kept' and seen_verdict <> 'new'
                then later_verdict
            when seen_group = 'serves-nobody' and asked_on > seen_on then 'asked'
            else seen_verdict
        end as verdict,
        coalesce(seen_owner, later_owner) as owner
    from told
)
select judged.*, words.verdict_group
from judged
left join vocabulary_verdicts as words on words.verdict = judged.verdict;
