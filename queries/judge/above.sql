-- Question: in what state is what each deployment lies in?
-- Columns: subscription_state, workspace_state (as Azure spells them; null: not reported, or all is
--   well); refuses_writes (of the subscription, null: the state is not known to us); purged_on (of a
--   workspace that is deleted softly: until when it is listed).
with
subscription_states as (
    select lower(s.subscription_id) as subscription_id, any_value(s.state) as state
    from subscriptions as s
    join asked on asked.snapshot_id = s.snapshot_id
    where lower(s.state) <> 'enabled'
    group by lower(s.subscription_id)
),
workspace_states as (
    select
        w.workspace_key,
        any_value(if(w.soft_deleted_at is null, w.provisioning_state, 'SoftDeleted')) as state,
        any_value(w.purged_at)::date as purged_on
    from workspaces as w
    join asked on asked.snapshot_id = w.snapshot_id
    where lower(w.provisioning_state) <> 'succeeded' or w.soft_deleted_at is not null
    group by w.workspace_key
)
select
    subjects.deployment_key,
    subscription_states.state as subscription_state,
    words.refuses_writes,
    workspace_states.state as workspace_state,
    workspace_states.purged_on
from subjects
left join subscription_states
    on subscription_states.subscription_id = lower(subjects.subscription_id)
left join vocabulary_subscriptions as words on words.state = lower(subscription_states.state)
left join workspace_states on workspace_states.workspace_key = subjects.workspace_key
