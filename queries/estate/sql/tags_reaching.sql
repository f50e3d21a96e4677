-- Question: which tags lie on a deployment and above it, and which of them count for what?
-- Parameters: $deployment_key, $snapshot_id.
-- Columns: scope (deployment, endpoint, workspace, resource_group, subscription), nearest first;
--   name, value (as written); meaning (role, owner, purpose, …; null: the settings give it none);
--   counts (whether this one is what the meaning is read from).
-- The nearest scope that has a value counts, and there the name that the settings put first. Role,
-- dates and marks count on the deployment only, an exemption up to the workspace.
with
subject as (
    select *
    from deployments
    where deployment_key = $deployment_key and snapshot_id = $snapshot_id
),
scopes as (
    select 1 as distance, 'deployment' as scope, deployment_key as resource_key from subject
    union all
    select 2, 'endpoint', endpoint_key from subject where name is not null
    union all
    select 3, 'workspace', workspace_key from subject
    union all
    select
        4, 'resource_group',
        '/subscriptions/' || lower(subscription_id) || '/resourcegroups/' || lower(resource_group)
    from subject
    union all
    select 5, 'subscription', '/subscriptions/' || lower(subscription_id) from subject
),
named as (
    select
        scopes.distance,
        scopes.scope,
        tags.name,
        tags.value,
        names.meaning,
        names.preference,
        trim(tags.value) <> '' and case
            when names.meaning in ('owner', 'purpose', 'team', 'cost_center') then true
            when names.meaning = 'exempt_until' then scopes.distance <= 3
            else scopes.distance = 1
        end as may_count
    from scopes
    join tags on tags.snapshot_id = $snapshot_id and tags.resource_key = scopes.resource_key
    left join snapshot_tag_names as names
        on names.snapshot_id = tags.snapshot_id
        and lower(trim(names.name)) = lower(trim(tags.name))
)
select
    scope,
    name,
    value,
    meaning,
    coalesce(may_count, false) and case
        when meaning = 'exempt_until' then true
        else distance * 1000 + preference = min(distance * 1000 + preference)
            filter (where may_count) over (partition by meaning)
    end as counts
from named
order by distance, lower(name), name
