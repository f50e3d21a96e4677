-- Every line of the bill with the verdict and the owner that its deployment had at the time: those
-- of the newest snapshot up to that day, bent by what is known since:
--   a verdict of having served nobody ends (as `asked`) with the first request after its snapshot;
--   where the next snapshot proves that nothing was asked since an earlier day, its verdict counts
--   from then on, unless the deployment was new, or kept on purpose.
-- Before the first snapshot that saw it, the days that its silence reaches back to count with that
-- snapshot's verdict, days with a request as `asked`, others as `not judged`. Both are null for
-- what is no deployment's.
create or replace view judged_costs as
with
seen as (
    select
        judged.deployment_key,
        judged.as_of::date as seen_on,
        arg_max(judged.verdict, judged.as_of) as verdict,
        arg_max(judged.owner, judged.as_of) as owner,
        arg_max(judged.as_of::date - coalesce(judged.idle_days, 0), judged.as_of) as silent_since
    from judged_deployments as judged
    join snapshots
        on snapshots.snapshot_id = judged.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.status in ('complete', 'partial')
    group by judged.deployment_key, judged.as_of::date
),
asked as (
    select distinct deployment_key, day
    from daily_requests
    where requests > 0
),
told as (
    select
        costs.*,
        seen.seen_on,
        seen.verdict as seen_verdict,
        seen.owner as seen_owner,
        later.verdict as later_verdict,
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
)
select
    * exclude (
        seen_on, seen_verdict, seen_owner, later_verdict, later_owner, is_silent_later, asked_on
    ),
    case
        when part not in ('deployment', 'deleted deployment') then null
        when seen_verdict is null and is_silent_later then later_verdict
        when seen_verdict is null and asked_on = day then 'asked'
        when seen_verdict is null then 'not judged'
        when later_verdict in ('idle', 'idle-endpoint', 'failed') and is_silent_later
            and seen_verdict not in ('new', 'rollback', 'protected')
            then later_verdict
        when seen_verdict in ('idle', 'idle-endpoint', 'failed') and asked_on > seen_on then 'asked'
        else seen_verdict
    end as verdict,
    coalesce(seen_owner, later_owner) as owner
from told;
