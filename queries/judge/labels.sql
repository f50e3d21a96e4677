-- Question: what do tags say of each deployment, and which scope says it?
-- Columns: role (production, rollback, test, retire or null; the deployment's own tag only);
--   owner, owner_source, purpose, team, cost_center (nearest scope first; who created it, else who
--   changed it last, as a hint for the owner); expires_on,
--   retire_after (the deployment's own, as written); rehearsed_on; exempt_until (the furthest,
--   as written); exemption_in_force (up to and including its date; an unreadable one protects);
--   exemption_source.
-- Tag names compare without case; of several names for a meaning the first that has a value.
with
scopes as (
    select deployment_key, 1 as distance, 'deployment' as source, deployment_key as resource_key
    from subjects
    union all
    select deployment_key, 2, 'endpoint', endpoint_key from subjects where name is not null
    union all
    select deployment_key, 3, 'workspace', workspace_key from subjects
    union all
    select
        deployment_key, 4, 'resource_group',
        '/subscriptions/' || lower(subscription_id) || '/resourcegroups/' || lower(resource_group)
    from subjects
    union all
    select deployment_key, 5, 'subscription', '/subscriptions/' || lower(subscription_id)
    from subjects
),
named as (
    select
        scopes.deployment_key,
        scopes.distance,
        scopes.source,
        names.meaning,
        names.preference,
        trim(tags.value) as value
    from scopes
    join tags on tags.resource_key = scopes.resource_key
    join asked on asked.snapshot_id = tags.snapshot_id
    join snapshot_tag_names as names
        on names.snapshot_id = asked.snapshot_id
        and lower(trim(names.name)) = lower(trim(tags.name))
    where trim(tags.value) <> ''
),
nearest as (
    select
        deployment_key,
        meaning,
        arg_min(value, distance * 1000 + preference) as value,
        arg_min(source, distance * 1000 + preference) as source
    from named
    where meaning in ('owner', 'purpose', 'team', 'cost_center') or distance = 1
    group by deployment_key, meaning
),
exemptions as (
    select
        deployment_key,
        bool_or(coalesce(try_cast(value as date) >= asked.today, true)) as in_force,
        arg_max(value, coalesce(try_cast(value as date), date '9999-12-31')) as exempt_until,
        arg_max(source, coalesce(try_cast(value as date), date '9999-12-31')) as source
    from named
    cross join asked
    where meaning = 'exempt_until' and distance <= 3
    group by deployment_key
)
select
    subjects.deployment_key,
    case when lower(role.value) in (select role from vocabulary_roles)
        then lower(role.value)
    end as role,
    role.value as role_as_written,
    coalesce(owner.value, subjects.created_by, changers.last_changed_by) as owner,
    case
        when owner.value is not null then owner.source
        when subjects.created_by is not null then 'created_by'
        when changers.last_changed_by is not null then 'last_changed_by'
    end as owner_source,
    purpose.value as purpose,
    team.value as team,
    cost_center.value as cost_center,
    expires.value as expires_on,
    retire.value as retire_after,
    rehearsed.value as rehearsed_on,
    exemptions.exempt_until,
    coalesce(exemptions.in_force, false) as exemption_in_force,
    exemptions.source as exemption_source
from subjects
left join changers on changers.deployment_key = subjects.deployment_key
left join nearest as role
    on role.deployment_key = subjects.deployment_key and role.meaning = 'role'
left join nearest as owner
    on owner.deployment_key = subjects.deployment_key and owner.meaning = 'owner'
left join nearest as purpose
    on purpose.deployment_key = subjects.deployment_key and purpose.meaning = 'purpose'
left join nearest as team
    on team.deployment_key = subjects.deployment_key and team.meaning = 'team'
left join nearest as cost_center
    on cost_center.deployment_key = subjects.deployment_key
    and cost_center.meaning = 'cost_center'
left join nearest as expires
    on expires.deployment_key = subjects.deployment_key and expires.meaning = 'expires_on'
left join nearest as retire
    on retire.deployment_key = subjects.deployment_key and retire.meaning = 'retire_after'
left join nearest as rehearsed
    on rehearsed.deployment_key = subjects.deployment_key and rehearsed.meaning = 'rehearsed_on'
left join exemptions on exemptions.deployment_key = subjects.deployment_key
