-- Question: on which facts does the verdict of one deployment rest, and how well is each known?
-- Parameters: $deployment_key, $snapshot_id (the one that judged it).
-- Columns: place (order, from 1); fact; state (zero, non-zero, no data, refused, not asked); told
--   (what is known, in words); source; first_day, last_day (the UTC days that are asked about;
--   null: the fact is of one moment); days_known, days_wanted (UTC days answered for, and all of
--   them; null: of one moment); read_at (UTC: when the newest of it came; null: never); code
--   (Azure's, of a refusal).
-- A day is answered for as the judge counts it, and a silent one is alive as it counts that. A fact is zero only where every whole day has a
-- real zero; whether a silence without values is proven is told by the aliveness beside it.
with
asked as (
    select *, started_at::date as today
    from snapshots
    where snapshot_id = $snapshot_id
),
own as (
    select d.*
    from deployments as d
    join asked on asked.snapshot_id = d.snapshot_id
    where d.deployment_key = $deployment_key
),
sightings as (
    select min(s.started_at) as first_seen_at
    from deployments as d
    join snapshots as s on s.snapshot_id = d.snapshot_id
    where d.deployment_key = $deployment_key
),
absences as (
    select max(s.started_at) as absent_at
    from own
    cross join sightings
    join scope_reads as r
        on r.source = 'inventory'
        and (
            r.scope_key in (own.endpoint_key, own.workspace_key)
            or r.scope_key = '/subscriptions/' || lower(own.subscription_id)
        )
    join snapshots as s
        on s.snapshot_id = r.snapshot_id
        and s.status <> 'running'
        and s.started_at < sightings.first_seen_at
),
subject as (
    select
        own.*,
        j.live_percent, j.mirror_percent, j.locks_known, j.lock_names, j.inherited_lock_names,
        j.role, j.exempt_until, j.exemption_in_force, j.is_new,
        asked.started_at as as_of,
        asked.finished_at,
        asked.today,
        greatest(
            asked.today - asked.window_days,
            coalesce(own.created_at, absences.absent_at)::date
        ) as first_day,
        e.endpoint_key is not null as endpoint_known,
        e.provisioning_state as endpoint_state,
        own.kind = 'managed' as is_measured
    from own
    cross join asked
    cross join absences
    join judgements as j
        on j.snapshot_id = own.snapshot_id and j.deployment_key = own.deployment_key
    left join endpoints as e
        on e.snapshot_id = own.snapshot_id and e.endpoint_key = own.endpoint_key
),
calendar as (
    select
        day::date as day,
        day::date = today as is_today
    from subject, unnest(generate_series(first_day, today, interval 1 day)) as days(day)
),
questions as (
    select *
    from (
        values
            (6, 'requests', 'deployment', 'RequestsPerMinute'),
            (7, 'aliveness', 'deployment', 'DeploymentCapacity'),
            (8, 'requests by split', 'endpoint', 'RequestsPerMinute')
    ) as told(place, fact, source, metric)
),
reads as (
    select questions.place, r.*
    from questions
    cross join subject
    join metric_reads as r
        on r.source = questions.source
        and r.metric = questions.metric
        and r.asked_minutes = 1440
        and r.resource_key = case questions.source
            when 'deployment' then subject.deployment_key else subject.endpoint_key
        end
        and r.read_at <= coalesce(subject.finished_at, subject.as_of + interval 1 day)
),
answers as (
    select
        place,
        read_at,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as day
    from reads
    where state = 'answered'
),
answered as (
    select answers.place, answers.day, max(answers.read_at) as read_at
    from answers
    cross join subject
    where (answers.day < subject.today and answers.read_at >= answers.day + interval 1 day)
        or (answers.day = subject.today and answers.read_at >= subject.as_of - interval 1 hour)
    group by answers.place, answers.day
),
refusals as (
    select place, arg_max(code, read_at) as code, max(read_at) as read_at
    from reads
    where state = 'refused' and snapshot_id = $snapshot_id
    group by place
),
points as (
    select
        p.*,
        p.starts_at::date as day,
        epoch(least(p.starts_at + to_minutes(p.grain_minutes), subject.as_of) - p.starts_at) / 60
            as minutes
    from metric_points as p
    cross join subject
    where p.deployment_key = $deployment_key
        and p.asked_minutes = 1440
        and p.starts_at < subject.as_of
        and (
            subject.created_at is null
            or p.starts_at + to_minutes(p.grain_minutes) > subject.created_at
        )
),
values_of_days as (
    select questions.place, points.day, sum(points.average * points.minutes) as amount
    from questions
    join points on points.source = questions.source and points.metric = questions.metric
    where questions.metric = 'RequestsPerMinute' and points.average is not null
    group by questions.place, points.day
    union all
    select 7, day, count(*)
    from points
    where (metric = 'DeploymentCapacity' and greatest(average, maximum) > 0)
        or (metric = 'CpuUtilizationPercentage' and average is not null)
        or (
            metric = 'RequestsPerMinute' and source in ('deployment', 'endpoint')
            and average is not null
        )
    group by day
),
counted as (
    select
        questions.place,
        count(*) as days_wanted,
        count(answered.day) as days_known,
        max(answered.read_at) as read_at,
        coalesce(sum(days.amount), 0) as amount,
        max(calendar.day) filter (where days.amount > 0) as last_day_seen,
        count(*) filter (where days.amount > 0) as seen_days,
        count(*) filter (where days.amount = 0) as zero_days,
        count(*) filter (where answered.day is not null and days.amount is null
            and not calendar.is_today) as empty_days
    from questions
    cross join calendar
    left join answered on answered.place = questions.place and answered.day = calendar.day
    left join values_of_days as days
        on days.place = questions.place and days.day = calendar.day
    group by questions.place
),
measured as (
    select
        questions.place,
        questions.fact,
        case
            when not subject.is_measured then 'not asked'
            when counted.amount > 0 then 'non-zero'
            when refusals.place is not null and counted.days_known < counted.days_wanted
                then 'refused'
            when counted.days_known = 0 then 'not asked'
            when questions.place <> 7 and counted.zero_days > 0 and counted.empty_days = 0
                and counted.days_known = counted.days_wanted then 'zero'
            else 'no data'
        end as state,
        case
            when not subject.is_measured
                then 'Azure Monitor holds nothing of ' || subject.kind || ' endpoints'
            when questions.place = 7 then
                'a sign of life on ' || counted.seen_days || ' of ' || counted.days_wanted || ' days'
            when counted.amount > 0 then
                format('{:,.0f}', greatest(1, round(counted.amount))) || ', the last on '
                || counted.last_day_seen
            when counted.days_known = 0 then null
            when counted.zero_days = 0 then 'no value on any day'
            when counted.empty_days = 0 then '0 on ' || counted.zero_days || ' days'
            else '0 on ' || counted.zero_days || ' days, no value on ' || counted.empty_days
        end as told,
        'metrics of the ' || questions.source as source,
        case when subject.is_measured then subject.first_day end as first_day,
        case when subject.is_measured then subject.today end as last_day,
        case when subject.is_measured then counted.days_known end as days_known,
        case when subject.is_measured then counted.days_wanted end as days_wanted,
        coalesce(counted.read_at, refusals.read_at) as read_at,
        case when counted.days_known < counted.days_wanted then refusals.code end as code
    from questions
    join counted on counted.place = questions.place
    cross join subject
    left join refusals on refusals.place = questions.place
),
gaps as (
    select
        subject.deployment_key,
        arg_max(holes.code, holes.code) filter (where holes.source = 'locks') as locks_code,
        arg_max(holes.code, holes.code) filter (where holes.source <> 'locks') as map_code
    from subject
    join holes
        on holes.snapshot_id = subject.snapshot_id
        and (
            (holes.source = 'locks' and lower(holes.scope) = lower(subject.subscription_id))
            or (holes.source = 'endpoints' and lower(holes.scope) = subject.workspace_key)
        )
    group by subject.deployment_key
),
own_tags as (
    select count(*) as tags
    from tags
    where snapshot_id = $snapshot_id and resource_key = $deployment_key
),
of_the_moment as (
    select
        1 as place,
        'state' as fact,
        case when provisioning_state is null then 'no data' else 'non-zero' end as state,
        provisioning_state
        || case when endpoint_state <> provisioning_state
            then ', its endpoint ' || endpoint_state else ''
        end as told,
        'inventory' as source,
        as_of as read_at,
        null as code
    from subject
    union all
    select
        2,
        'live traffic',
        case
            when kind not in ('managed', 'kubernetes') then 'not asked'
            when live_percent > 0 then 'non-zero'
            when live_percent = 0 then 'zero'
            when not endpoint_known and map_code is not null then 'refused'
            else 'no data'
        end,
        case
            when kind not in ('managed', 'kubernetes') then kind || ' endpoints have no map of traffic'
            when live_percent is not null then format('{:g} %', live_percent)
            else 'Azure did not tell the endpoint''s map'
        end,
        'inventory',
        as_of,
        case when live_percent is null then map_code end
    from subject
    left join gaps using (deployment_key)
    union all
    select
        3,
        'mirrored traffic',
        case
            when kind not in ('managed', 'kubernetes') then 'not asked'
            when mirror_percent > 0 then 'non-zero'
            when mirror_percent = 0 then 'zero'
            when not endpoint_known and map_code is not null then 'refused'
            else 'no data'
        end,
        case
            when kind not in ('managed', 'kubernetes') then kind || ' endpoints have no map of traffic'
            when mirror_percent is not null then format('{:g} %', mirror_percent)
            else 'the endpoint was not read'
        end,
        'inventory',
        as_of,
        case when mirror_percent is null then map_code end
    from subject
    left join gaps using (deployment_key)
    union all
    select
        4,
        'creation',
        case when created_at is null then 'no data' else 'non-zero' end,
        case
            when created_at is not null then strftime(created_at, '%Y-%m-%d')
            when is_new then 'not told, but young'
            when is_new = false then 'not told, but older than the minimum age'
            else 'not told'
        end,
        'inventory',
        as_of,
        null
    from subject
    union all
    select
        9,
        'locks',
        case
            when not locks_known and locks_code is not null then 'refused'
            when not locks_known then 'not asked'
            when len(lock_names) + len(inherited_lock_names) > 0 then 'non-zero'
            else 'zero'
        end,
        case when locks_known then coalesce(
            nullif(
                array_to_string(
                    list_concat(
                        lock_names,
                        list_transform(inherited_lock_names, lambda name: name || ' (from above)')
                    ),
                    ', '
                ),
                ''
            ),
            'none'
        ) end,
        'locks of the subscription',
        case when locks_known or locks_code is not null then as_of end,
        case when not locks_known then locks_code end
    from subject
    left join gaps using (deployment_key)
    union all
    select
        5,
        'tags',
        case when tags > 0 then 'non-zero' else 'zero' end,
        concat_ws(
            ', ',
            case tags when 0 then 'none of its own' when 1 then '1 of its own'
                else tags || ' of its own'
            end,
            'role ' || role,
            'exempt until ' || exempt_until
            || case when exemption_in_force then '' else ' (over)' end
        ),
        'inventory',
        as_of,
        null
    from subject
    cross join own_tags
    union all
    select
        10,
        'callers',
        'not asked',
        'a snapshot does not ask who called',
        'traffic log',
        null,
        null
    from subject
)
select place, fact, state, told, source, first_day, last_day, days_known, days_wanted, read_at, code
from measured
union all by name
select place, fact, state, told, source, read_at, code
from of_the_moment
order by place
