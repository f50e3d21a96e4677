-- Question: which locks lie on each deployment, and were they read?
-- Columns: locks_known (read, and as Azure says itself); lock_names (on the deployment or its endpoint); inherited_lock_names
--   (on its workspace, resource group or subscription).
with
reached as (
    select
        subjects.deployment_key,
        locks.name,
        locks.scope_key in (subjects.deployment_key, subjects.endpoint_key) as is_own
    from subjects
    join asked on true
    join locks
        on locks.snapshot_id = asked.snapshot_id
        and (
            locks.scope_key = subjects.deployment_key
            or starts_with(subjects.deployment_key, locks.scope_key || '/')
        )
),
grouped as (
    select
        deployment_key,
        list(distinct name order by name) filter (where is_own) as lock_names,
        list(distinct name order by name) filter (where not is_own) as inherited_lock_names
    from reached
    group by deployment_key
),
asked_subscriptions as (
    select distinct lower(reads.subscription_id) as subscription_id
    from scope_reads as reads
    join asked on asked.snapshot_id = reads.snapshot_id
    where reads.source = 'locks'
)
select
    subjects.deployment_key,
    asked_subscriptions.subscription_id is not null
    and not exists (from contradictions where evidence = 'locks') as locks_known,
    coalesce(grouped.lock_names, []) as lock_names,
    coalesce(grouped.inherited_lock_names, []) as inherited_lock_names
from subjects
left join grouped on grouped.deployment_key = subjects.deployment_key
left join asked_subscriptions
    on asked_subscriptions.subscription_id = lower(subjects.subscription_id)
