-- Question: what changed from one snapshot to another?
-- Parameters: $before, $after (snapshot ids).
-- Columns: change (appeared, first read, vanished, not read, created anew, verdict, role, size,
--   traffic, owner, cost); id (ARM id); deployment (workspace/endpoint/deployment); earlier, later (texts;
--   null: not known or not there); changed_at (UTC), changed_by (by the Activity Log; null: it does
--   not say, or names several that it may have been). What the earlier snapshot did not read is
--   compared as the newest one before it saw it. A deployment that the later snapshot did not read is `not read`,
--   never `vanished`; one in a scope that none up to the earlier one read is `first read`. The
--   role `retire` is shown with its date. A cost is
--   the mean of the 7 newest billed days before the snapshot that are at least two days old, a
--   month (365/12 days), by the bill as it is known now, for both snapshots; its change is reported from
--   a twentieth up.
with
looks as (
    select snapshot_id, started_at, coalesce(finished_at, started_at) as finished_at
    from snapshots
    where snapshot_id in ($before, $after)
),
places as (
    select workspace_key, '/subscriptions/' || lower(subscription_id) as subscription_key
    from workspaces_versions
    union
    select workspace_key, '/subscriptions/' || lower(subscription_id)
    from deployments_versions
),
known_reads as (
    select
        places.workspace_key,
        arg_max(known.snapshot_id, known.started_at) as snapshot_id,
        max(known.started_at) as started_at
    from places
    join scope_reads as reads
        on reads.source = 'inventory'
        and reads.scope_key in (places.workspace_key, places.subscription_key)
    join snapshots as known
        on known.snapshot_id = reads.snapshot_id
        and known.kind = 'snapshot'
        and known.status in ('complete', 'partial')
    join looks on looks.snapshot_id = $before and known.started_at <= looks.started_at
    group by places.workspace_key
),
-- Only rows of these snapshots are brought together: all that there are would be sorted out else.
wanted as materialized (
    select unnest([$before, $after]) as snapshot_id
    union
    select snapshot_id from known_reads
),
found as (
    select *
    from deployments
    where snapshot_id in (select wanted.snapshot_id from wanted)
),
concluded as (
    select *
    from judgements
    where snapshot_id in (select wanted.snapshot_id from wanted)
),
held as (
    select
        found.* exclude (name),
        found.name as deployment,
        snapshots.started_at as as_of,
        concluded.verdict,
        concluded.role,
        concluded.retire_after,
        concluded.owner,
        concluded.live_percent as live_traffic_percent,
        concluded.mirror_percent as mirror_traffic_percent,
        lower(found.subscription_id) as subscription,
        concat_ws('/', found.workspace, found.endpoint, found.name) as path
    from found
    join snapshots on snapshots.snapshot_id = found.snapshot_id
    join concluded
        on concluded.snapshot_id = found.snapshot_id
        and concluded.deployment_key = found.deployment_key
),
now_held as (
    select *
    from held
    where snapshot_id = $after
),
then_held as (
    select *
    from held
    where snapshot_id = $before
    union all by name
    select held.*
    from held
    join known_reads
        on known_reads.workspace_key = held.workspace_key
        and known_reads.snapshot_id = held.snapshot_id
    where held.snapshot_id <> $before
        and held.deployment_key not in (
            select seen.deployment_key
            from held as seen
            where seen.snapshot_id = $before
        )
),
scopes as (
    select snapshot_id, scope_key
    from scope_reads
    where source = 'inventory' and snapshot_id = $after
),
billed as (
    select
        held.snapshot_id,
        held.deployment_key,
        costs.currency,
        costs.day,
        sum(costs.cost) as cost
    from (
        from then_held
        union all by name
        from now_held
    ) as held
    join costs
        on costs.deployment_key = held.deployment_key
        and costs.day <= held.as_of::date - 2
        and costs.day > held.as_of::date - 32
        and (held.created_at is null or costs.day >= held.created_at::date)
    group by all
),
newest as (
    select *
    from billed
    qualify row_number() over (
        partition by snapshot_id, deployment_key, currency
        order by day desc
    ) <= 7
),
rates as (
    select
        snapshot_id,
        deployment_key,
        any_value(currency) as currency,
        sum(cost) / count(*) * 365 / 12 as per_month
    from newest
    group by snapshot_id, deployment_key
    having count(distinct currency) = 1
),
pairs as (
    select
        coalesce(later.deployment_key, earlier.deployment_key) as deployment_key,
        earlier.deployment_key is not null as was_there,
        later.deployment_key is not null as is_there,
        coalesce(later.id, earlier.id) as id,
        coalesce(later.path, earlier.path) as deployment,
        known_reads.workspace_key is not null as was_read,
        exists (
            select 1
            from scopes
            where scopes.scope_key in (
                earlier.workspace_key, '/subscriptions/' || earlier.subscription
            )
        ) as is_read,
        coalesce(earlier.as_of, known_reads.started_at) as since,
        earlier,
        later
    from then_held as earlier
    full join now_held as later on later.deployment_key = earlier.deployment_key
    left join known_reads
        on known_reads.workspace_key = coalesce(later.workspace_key, earlier.workspace_key)
),
compared as (
    select
        pairs.*,
        was_there and is_there as is_both,
        printf('%s × %s', coalesce(earlier.instance_count::varchar, '?'), earlier.instance_type)
            as size_before,
        printf('%s × %s', coalesce(later.instance_count::varchar, '?'), later.instance_type)
            as size_after,
        earlier.role || coalesce(case when earlier.role = 'retire' then ' after ' || earlier.retire_after end, '')
            as role_before,
        later.role || coalesce(case when later.role = 'retire' then ' after ' || later.retire_after end, '')
            as role_after,
        printf('%g %% live, %g %% mirrored',
            earlier.live_traffic_percent, earlier.mirror_traffic_percent) as traffic_before,
        printf('%g %% live, %g %% mirrored',
            later.live_traffic_percent, later.mirror_traffic_percent) as traffic_after,
        rates_before.per_month as rate_before,
        rates_after.per_month as rate_after,
        format('{:,.2f} ', rates_before.per_month::double) || rates_before.currency
            as cost_before,
        format('{:,.2f} ', rates_after.per_month::double) || rates_after.currency as cost_after
    from pairs
    left join rates as rates_before
        on rates_before.deployment_key = pairs.deployment_key
        and rates_before.snapshot_id = earlier.snapshot_id
    left join rates as rates_after
        on rates_after.deployment_key = pairs.deployment_key
        and rates_after.snapshot_id = $after
),
resources as (
    select
        deployment_key,
        since,
        lower(later.deployment) as name,
        later.live_traffic_percent as live_percent,
        unnest([
            {level: 'deployment', key: deployment_key},
            {level: 'endpoint', key: coalesce(later.endpoint_key, earlier.endpoint_key)},
            {level: 'workspace', key: coalesce(later.workspace_key, earlier.workspace_key)}
        ], recursive := true)
    from pairs
),
-- What was done to each between the two, and which of its changes each may have been. A map that
-- the request held either gives the later share, or was followed by another.
doings as (
    select
        resources.deployment_key,
        unnest(list_concat(
            case when done.operation = 'deleted' then ['vanished'] else [] end,
            case when done.operation <> 'deleted' and resources.level = 'deployment'
                then ['size', 'made'] else [] end,
            case when done.operation <> 'deleted' and resources.level = 'endpoint'
                and (
                    done.traffic is null
                    or coalesce(list_sum(list_transform(
                        list_filter(
                            map_entries(from_json(done.traffic, '"MAP(VARCHAR, DOUBLE)"')),
                            lambda share: lower(share.key) = resources.name
                        ),
                        lambda share: share.value
                    )), 0) = resources.live_percent
                )
                then ['traffic'] else [] end
        )) as change,
        done.happened_at,
        done.changed_by,
        done.operation = 'created' or done.traffic is not null as is_sure
    from resources
    join looks on looks.snapshot_id = $after
    join activity as done
        on done.resource_key = resources.key
        and done.took_effect
        and done.happened_at > resources.since
        and done.started_at <= looks.finished_at
),
likely as (
    select *
    from doings
    qualify is_sure or not bool_or(is_sure) over (partition by deployment_key, change)
),
known_doings as (
    select
        deployment_key,
        change,
        case
            when change = 'vanished' or bool_or(is_sure) or count(*) = 1 then max(happened_at)
            when change = 'made' then min(happened_at)
        end as changed_at,
        case
            when change = 'vanished' or bool_or(is_sure)
                then arg_max_null(changed_by, happened_at)
            when change = 'made' then arg_min_null(changed_by, happened_at)
            when count(*) = count(changed_by) and count(distinct changed_by) = 1
                then any_value(changed_by)
        end as changed_by
    from likely
    group by deployment_key, change
),
changes as (
    select
        case when was_read then 'appeared' else 'first read' end as change,
        deployment_key,
        id,
        deployment,
        null::varchar as earlier,
        later.verdict as later
    from compared
    where not was_there
    union all by name
    select
        case when is_read then 'vanished' else 'not read' end as change,
        deployment_key,
        id,
        deployment,
        earlier.verdict as earlier,
        null::varchar as later
    from compared
    where not is_there
    union all by name
    select
        'created anew' as change,
        deployment_key,
        id,
        deployment,
        strftime(earlier.created_at, '%Y-%m-%d %H:%M') as earlier,
        strftime(later.created_at, '%Y-%m-%d %H:%M') as later
    from compared
    where is_both and earlier.created_at <> later.created_at
    union all by name
    select 'verdict' as change, deployment_key, id, deployment, earlier.verdict as earlier, later.verdict as later
    from compared
    where is_both and earlier.verdict <> later.verdict
    union all by name
    select 'role' as change, deployment_key, id, deployment, role_before as earlier, role_after as later
    from compared
    where is_both and role_before is distinct from role_after
    union all by name
    select 'size' as change, deployment_key, id, deployment, size_before as earlier, size_after as later
    from compared
    where is_both and lower(size_before) is distinct from lower(size_after)
    union all by name
    select 'traffic' as change, deployment_key, id, deployment, traffic_before as earlier, traffic_after as later
    from compared
    where is_both and traffic_before is distinct from traffic_after
    union all by name
    select 'owner' as change, deployment_key, id, deployment, earlier.owner as earlier, later.owner as later
    from compared
    where is_both and earlier.owner is distinct from later.owner
    union all by name
    select 'cost' as change, deployment_key, id, deployment, cost_before as earlier, cost_after as later
    from compared
    where is_both
        and cost_before is distinct from cost_after
        and coalesce(abs(rate_after - rate_before) > abs(rate_before) / 20, true)
)
select
    changes.change,
    changes.id,
    changes.deployment,
    changes.earlier,
    changes.later,
    known_doings.changed_at,
    known_doings.changed_by
from changes
left join known_doings
    on known_doings.deployment_key = changes.deployment_key
    and known_doings.change = case
        when changes.change in ('appeared', 'created anew') then 'made'
        else changes.change
    end
order by changes.deployment, changes.change
