-- What a quarterly review rests on. facts: the review as JSON, frozen when it was first written.
create table reviews (
    quarter varchar,
    frozen_at timestamp,
    facts varchar
);

-- Every line of the bill with the verdict and the owner that its deployment had at the time: those
-- of the newest snapshot up to that day. Before the first snapshot that saw it, the days that its
-- silence reaches back count with that snapshot's verdict, days with a request as `asked`, others as
-- `not judged`. Both are null for what is no deployment's.
create view judged_costs as
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
first_seen as (
    select
        deployment_key,
        arg_min(verdict, seen_on) as verdict,
        arg_min(owner, seen_on) as owner,
        arg_min(silent_since, seen_on) as silent_since
    from seen
    group by deployment_key
),
asked as (
    select distinct deployment_key, day
    from daily_requests
    where requests > 0
)
select
    costs.*,
    case when costs.part in ('deployment', 'deleted deployment') then
        coalesce(
            seen.verdict,
            case when costs.day > first_seen.silent_since then first_seen.verdict end,
            case when asked.day is not null then 'asked' end,
            'not judged'
        )
    end as verdict,
    coalesce(seen.owner, first_seen.owner) as owner
from costs
asof left join seen
    on seen.deployment_key = costs.deployment_key and seen.seen_on <= costs.day
left join first_seen on first_seen.deployment_key = costs.deployment_key
left join asked on asked.deployment_key = costs.deployment_key and asked.day = costs.day;
