-- Question: what does the verdict on one deployment rest on, beside its days?
-- Parameters: $deployment_key, $snapshot_id (which the judge was asked about). It reads the judge's
--   `asked` and `subjects` of that deployment.
-- Columns: kind; provisioning_state, endpoint_state, workspace_state, subscription_state (as Azure
--   spells them, null: not reported); created_at, as_of (UTC); live_percent, mirror_percent,
--   is_new, locks_known, lock_names, inherited_lock_names, role, exempt_until,
--   exemption_in_force (as judged); endpoint_known; own_tags (how many); locks_code, map_code,
--   creation_code (Azure's, where locks, the endpoint's map or creation times were refused);
--   first_day, last_day (UTC days in which its silence must be proven).
with
refused as (
    select
        arg_max(holes.code, holes.code) filter (where holes.source = 'locks') as locks_code,
        arg_max(holes.code, holes.code) filter (where holes.source = 'endpoints') as map_code,
        arg_max(holes.code, holes.code) filter (where holes.source = 'creation times')
            as creation_code
    from holes
    join subjects
        on holes.snapshot_id = $snapshot_id
        and (
            (
                holes.source in ('locks', 'creation times')
                and lower(holes.scope) = lower(subjects.subscription_id)
            )
            or (holes.source = 'endpoints' and lower(holes.scope) = subjects.workspace_key)
        )
),
own_tags as (
    select count(*) as own_tags
    from tags
    where tags.snapshot_id = $snapshot_id
        and tags.resource_key = $deployment_key
)
select
    subjects.kind,
    subjects.provisioning_state,
    subjects.endpoint_state,
    (
        select any_value(w.provisioning_state)
        from workspaces as w
        where w.snapshot_id = $snapshot_id and w.workspace_key = subjects.workspace_key
    ) as workspace_state,
    (
        select any_value(s.state)
        from subscriptions as s
        where s.snapshot_id = $snapshot_id
            and lower(s.subscription_id) = lower(subjects.subscription_id)
    ) as subscription_state,
    subjects.created_at,
    asked.as_of,
    judged.live_percent,
    judged.mirror_percent,
    judged.is_new,
    judged.locks_known,
    judged.lock_names,
    judged.inherited_lock_names,
    judged.role,
    judged.exempt_until,
    coalesce(judged.exemption_in_force, false) as exemption_in_force,
    subjects.endpoint_known,
    own_tags.own_tags,
    refused.locks_code,
    refused.map_code,
    refused.creation_code,
    greatest(asked.window_first_day, subjects.born_after::date) as first_day,
    asked.today as last_day
from subjects
cross join asked
join judgements as judged
    on judged.snapshot_id = $snapshot_id
    and judged.deployment_key = $deployment_key
cross join refused
cross join own_tags
where subjects.deployment_key = $deployment_key
