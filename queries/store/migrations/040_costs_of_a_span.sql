-- What the bill was spent on, worked out from what snapshots saw about the days that are asked for: a
-- store of years holds far more.

-- Every line of the bill with the verdict and the owner that its deployment had at the time: those
-- of the newest snapshot up to that day, bent by what is known since:
--   a verdict of having served nobody ends (as `asked`) with the first request after its snapshot;
--   where the next snapshot proves that nothing was asked since an earlier day, its verdict counts
--   from then on, unless the deployment was new, or kept on purpose.
-- Before the first snapshot that saw it, the days that its silence reaches back to count with that
-- snapshot's verdict, days with a request as `asked`, others as `not judged`. Both are null for
-- what is no deployment's. verdict_group: what the money was spent on. owner, team, cost_center and
-- instance_type: what its deployment was at the time, likewise. Only lines of the days from the
-- variable costs_from to costs_to, both counted; without them of all days.
create or replace view judged_costs as
with
billed as materialized (
    select min(day) as first_day, max(day) as last_day
    from cost_lines
    where day >= coalesce(getvariable('costs_from')::date, '-infinity')
        and day <= coalesce(getvariable('costs_to')::date, 'infinity')
),
looks as materialized (
    select
        snapshot_id,
        started_at,
        started_at::date as seen_on,
        started_at::date >= coalesce(getvariable('costs_from')::date, '-infinity') - 7
            and started_at::date <= coalesce(getvariable('costs_to')::date, 'infinity') + 7
            as is_near
    from snapshots
    where kind = 'snapshot' and status in ('complete', 'partial')
        -- Without a bill nothing is looked up.
        and (select billed.first_day from billed) is not null
),
-- A number in place of a deployment's key, which is long.
numbers as materialized (
    select deployment_key, min(version) as deployment
    from judgements_versions
    group by deployment_key
),
concluded as materialized (
    select
        versions.version,
        numbers.deployment,
        versions.verdict,
        words.verdict_group,
        versions.owner,
        versions.team,
        versions.cost_center
    from judgements_versions as versions
    join numbers on numbers.deployment_key = versions.deployment_key
    left join vocabulary_verdicts as words on words.verdict = versions.verdict
),
near as materialized (
    select
        concluded.deployment,
        looks.seen_on,
        arg_max(seen.version, looks.started_at) as version,
        arg_max(looks.seen_on - coalesce(seen.idle_days, 0), looks.started_at) as silent_since
    from judgements_seen as seen
    join looks on looks.snapshot_id = seen.snapshot_id and looks.is_near
    join concluded on concluded.version = seen.version
    group by concluded.deployment, looks.seen_on
),
-- Of deployments that no snapshot saw near the beginning, or near the end, what the nearest one
-- before, or after, said.
edges as (
    select deployment, min(seen_on) as first_seen, max(seen_on) as last_seen
    from near
    group by deployment
),
distant as (
    select
        concluded.deployment,
        looks.seen_on,
        arg_max(seen.version, looks.started_at) as version,
        arg_max(looks.seen_on - coalesce(seen.idle_days, 0), looks.started_at) as silent_since
    from judgements_seen as seen
    join looks on looks.snapshot_id = seen.snapshot_id and not looks.is_near
    join concluded on concluded.version = seen.version
    left join edges on edges.deployment = concluded.deployment
    where (
            looks.seen_on < coalesce(getvariable('costs_from')::date, '-infinity')
            and coalesce(
                edges.first_seen > coalesce(getvariable('costs_from')::date, '-infinity'), true
            )
        )
        or (
            looks.seen_on > coalesce(getvariable('costs_to')::date, 'infinity')
            and coalesce(
                edges.last_seen <= coalesce(getvariable('costs_to')::date, 'infinity'), true
            )
        )
    group by concluded.deployment, looks.seen_on
    window by_deployment as (partition by concluded.deployment)
    qualify looks.seen_on in (
        max(looks.seen_on) filter (
            where looks.seen_on < coalesce(getvariable('costs_from')::date, '-infinity')
        ) over by_deployment,
        min(looks.seen_on) filter (
            where looks.seen_on > coalesce(getvariable('costs_to')::date, 'infinity')
        ) over by_deployment
    )
),
seen as (
    from near
    union all by name
    from distant
),
-- Each with the one after it; the days before the first have none but that.
steps as materialized (
    select
        deployment,
        seen_on,
        version,
        coalesce(lead(seen_on) over following, 'infinity') as later_on,
        lead(version) over following as later_version,
        lead(silent_since) over following as later_silent_since
    from (
        select deployment, seen_on, version, silent_since from seen
        union all by name
        select distinct deployment, '-infinity'::date as seen_on from seen
    )
    window following as (partition by deployment order by seen_on)
),
-- Requests count only where no snapshot looked at the day: before the first one, and after one that
-- found nobody served.
unseen as materialized (
    select
        resources.resource,
        steps.deployment,
        steps.seen_on,
        steps.later_on,
        greatest(
            steps.seen_on + 1, coalesce(getvariable('costs_from')::date, '-infinity')
        ) as first_unseen,
        least(
            steps.later_on - 1, coalesce(getvariable('costs_to')::date, 'infinity')
        ) as last_unseen
    from steps
    join numbers on numbers.deployment = steps.deployment
    join resources on resources.resource_key = numbers.deployment_key
    left join concluded on concluded.version = steps.version
    where (steps.version is null or concluded.verdict_group = 'serves-nobody')
        and first_unseen <= last_unseen
),
asked as materialized (
    select distinct unseen.deployment, unseen.seen_on, points.day
    from measured_points as points
    join unseen
        on unseen.resource = points.resource
        and points.day > unseen.seen_on
        and points.day <= unseen.last_unseen
    where points.asked_minutes = 1440 and points.requests > 0
        and points.starts_at < coalesce(getvariable('costs_to')::date, 'infinity') + interval 1 day
),
first_asked as (
    select deployment, seen_on, min(day) as day
    from asked
    group by deployment, seen_on
),
-- What counts on each day: what the snapshot before it said, what the one after it did, or requests.
days as (
    select
        steps.deployment,
        steps.seen_on,
        steps.version,
        steps.later_on,
        steps.later_version,
        steps.later_silent_since,
        first_asked.day as asked_from,
        greatest(steps.seen_on, billed.first_day) + unnest(range(
            least(steps.later_on - 1, billed.last_day)
            - greatest(steps.seen_on, billed.first_day) + 1
        ))::integer as day
    from steps
    cross join billed
    left join first_asked
        on first_asked.deployment = steps.deployment and first_asked.seen_on = steps.seen_on
),
counting as (
    select
        days.deployment,
        days.day,
        days.seen_on,
        days.version,
        days.later_on,
        days.later_version,
        case
            when days.version is null and days.day > days.later_silent_since then 'later'
            when days.version is null and asked.day is not null then 'asked'
            when days.version is null then 'not judged'
            when later.verdict_group = 'serves-nobody' and days.day > days.later_silent_since
                and own.verdict_group <> 'kept' and own.verdict <> 'new'
                then 'later'
            when own.verdict_group = 'serves-nobody' and days.day >= days.asked_from then 'asked'
            else 'own'
        end as counts
    from days
    left join concluded as own on own.version = days.version
    left join concluded as later on later.version = days.later_version
    left join asked
        on asked.deployment = days.deployment
        and asked.seen_on = days.seen_on
        and asked.day = days.day
),
-- A deployment that was always of one size was so at any time.
sizes as materialized (
    select
        numbers.deployment,
        versions.deployment_key,
        any_value(versions.instance_type) as instance_type,
        count(distinct versions.instance_type) > 1
            or count(*) > count(versions.instance_type) as is_varied
    from deployments_versions as versions
    join numbers on numbers.deployment_key = versions.deployment_key
    group by all
),
sized as materialized (
    select
        sizes.deployment,
        looks.seen_on,
        arg_max(versions.instance_type, looks.started_at) as instance_type
    from deployments_seen as seen
    join looks on looks.snapshot_id = seen.snapshot_id
    join deployments_versions as versions on versions.version = seen.version
    join sizes on sizes.deployment_key = versions.deployment_key and sizes.is_varied
    group by sizes.deployment, looks.seen_on
),
lines as (
    select costs.*, numbers.deployment as number
    from costs
    left join numbers on numbers.deployment_key = costs.deployment_key
    where costs.day >= coalesce(getvariable('costs_from')::date, '-infinity')
        and costs.day <= coalesce(getvariable('costs_to')::date, 'infinity')
),
judged as (
    select
        lines.* exclude (number),
        coalesce(own.team, later.team) as team,
        coalesce(own.cost_center, later.cost_center) as cost_center,
        case when sizes.is_varied
            then coalesce(own_size.instance_type, later_size.instance_type)
            else sizes.instance_type
        end as instance_type,
        case
            when lines.part not in ('deployment', 'deleted deployment') then null
            when counting.counts = 'later' then later.verdict
            when counting.counts = 'own' then own.verdict
            else coalesce(counting.counts, 'not judged')
        end as verdict,
        coalesce(own.owner, later.owner) as owner
    from lines
    left join counting on counting.deployment = lines.number and counting.day = lines.day
    left join concluded as own on own.version = counting.version
    left join concluded as later on later.version = counting.later_version
    left join sizes on sizes.deployment = lines.number
    left join sized as own_size
        on own_size.deployment = lines.number and own_size.seen_on = counting.seen_on
    left join sized as later_size
        on later_size.deployment = lines.number and later_size.seen_on = counting.later_on
)
select judged.*, words.verdict_group
from judged
left join vocabulary_verdicts as words on words.verdict = judged.verdict;
