-- Question: what changed from one snapshot to another?
-- Parameters: $before, $after (snapshot ids).
-- Columns: change (appeared, first read, vanished, not read, created anew, verdict, role, size,
--   traffic, owner, cost); id (ARM id); deployment (workspace/endpoint/deployment); earlier, later (texts;
--   null: not known or not there). A deployment that the later snapshot did not read is `not read`,
--   never `vanished`; one in a scope that the earlier one did not read is `first read`. The
--   role `retire` is shown with its date. A cost is
--   the mean of the 7 newest billed days before the snapshot that are at least two days old, a
--   month (365/12 days), by the bill as it is known now, for both snapshots; its change is reported from
--   a twentieth up.
with
held as (
    select
        judged.*,
        lower(judged.subscription_id) as subscription,
        concat_ws('/', workspace, endpoint, deployment) as path
    from judged_deployments as judged
    where judged.snapshot_id in ($before, $after)
),
then_held as (
    select *
    from held
    where snapshot_id = $before
),
now_held as (
    select *
    from held
    where snapshot_id = $after
),
scopes as (
    select snapshot_id, scope_key
    from scope_reads
    where source = 'inventory' and snapshot_id in ($before, $after)
),
billed as (
    select
        held.snapshot_id,
        held.deployment_key,
        costs.currency,
        costs.day,
        sum(costs.cost) as cost
    from held
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
        exists (
            select 1
            from scopes
            where scopes.snapshot_id = $before and scopes.scope_key in (
                later.workspace_key, '/subscriptions/' || later.subscription
            )
        ) as was_read,
        exists (
            select 1
            from scopes
            where scopes.snapshot_id = $after and scopes.scope_key in (
                earlier.workspace_key, '/subscriptions/' || earlier.subscription
            )
        ) as is_read,
        earlier,
        later
    from then_held as earlier
    full join now_held as later on later.deployment_key = earlier.deployment_key
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
        and rates_before.snapshot_id = $before
    left join rates as rates_after
        on rates_after.deployment_key = pairs.deployment_key
        and rates_after.snapshot_id = $after
)
select
    case when was_read then 'appeared' else 'first read' end as change,
    id,
    deployment,
    null::varchar as earlier,
    later.verdict as later
from compared
where not was_there
union all by name
select
    case when is_read then 'vanished' else 'not read' end as change,
    id,
    deployment,
    earlier.verdict as earlier,
    null::varchar as later
from compared
where not is_there
union all by name
select
    'created anew' as change,
    id,
    deployment,
    strftime(earlier.created_at, '%Y-%m-%d %H:%M') as earlier,
    strftime(later.created_at, '%Y-%m-%d %H:%M') as later
from compared
where is_both and earlier.created_at <> later.created_at
union all by name
select 'verdict' as change, id, deployment, earlier.verdict as earlier, later.verdict as later
from compared
where is_both and earlier.verdict <> later.verdict
union all by name
select 'role' as change, id, deployment, role_before as earlier, role_after as later
from compared
where is_both and role_before is distinct from role_after
union all by name
select 'size' as change, id, deployment, size_before as earlier, size_after as later
from compared
where is_both and lower(size_before) is distinct from lower(size_after)
union all by name
select 'traffic' as change, id, deployment, traffic_before as earlier, traffic_after as later
from compared
where is_both and traffic_before is distinct from traffic_after
union all by name
select 'owner' as change, id, deployment, earlier.owner as earlier, later.owner as later
from compared
where is_both and earlier.owner is distinct from later.owner
union all by name
select 'cost' as change, id, deployment, cost_before as earlier, cost_after as later
from compared
where is_both
    and cost_before is distinct from cost_after
    and coalesce(abs(rate_after - rate_before) > abs(rate_before) / 20, true)
order by deployment, change
