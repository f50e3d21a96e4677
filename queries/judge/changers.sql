-- Question: who changed each deployment last, and when, by the Activity Log?
-- Columns: last_changed_at, last_changed_by (null: the event names nobody). A deployment that the
--   log does not name has no row; what was done to a predecessor of the same name does not count.
with
own as (
    select
        subjects.deployment_key,
        subjects.created_at,
        max(gone.happened_at) as gone_at
    from subjects
    left join activity as gone
        on gone.resource_key = subjects.deployment_key
        and gone.took_effect
        and gone.operation = 'deleted'
    group by subjects.deployment_key, subjects.created_at
)
select
    own.deployment_key,
    max(done.happened_at) as last_changed_at,
    arg_max_null(done.changed_by, done.happened_at) as last_changed_by
from own
join activity as done
    on done.resource_key = own.deployment_key
    and done.took_effect
    and done.operation <> 'deleted'
where (own.created_at is null or coalesce(done.made_at, done.happened_at) >= own.created_at)
    and (own.gone_at is null or done.happened_at > own.gone_at)
group by own.deployment_key
