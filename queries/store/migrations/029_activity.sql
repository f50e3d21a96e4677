-- Who created, changed or deleted what, as the Activity Log says it.

-- An operation on a workspace, endpoint or deployment, once. operation: `write`, `delete`. status:
-- `started`, `accepted`, `succeeded`, `failed`, null where Azure's word is not known. started_at
-- and happened_at: its first event and the one that the status is of. traffic, mirror: the maps
-- (JSON) in the body of the request, null where no event held it.
create table activity_operations (
    subscription_id varchar,
    resource_key varchar,
    correlation_id varchar,
    operation varchar,
    status varchar,
    started_at timestamp,
    happened_at timestamp,
    caller varchar,
    traffic varchar,
    mirror varchar
);

-- Which time of a subscription's log was read whole.
create table activity_reads (
    subscription_id varchar,
    first_at timestamp,
    last_at timestamp,
    read_at timestamp
);

alter table judgements add column last_changed_at timestamp;

alter table judgements add column last_changed_by varchar;

-- Every operation that is known. operation: `created`, `changed`, `deleted`; a write created what
-- has its creation time, and what was deleted before. made_at: that creation time. took_effect:
-- Azure accepted it, and it did not fail as far as is known.
create view activity as
with
born as (
    select deployment_key as resource_key, created_at
    from deployments
    where created_at is not null
    union
    select endpoint_key, created_at
    from endpoints
    where created_at is not null
),
known as (
    select
        done.*,
        coalesce(done.status in ('accepted', 'succeeded'), false) as took_effect,
        (
            select max(born.created_at)
            from born
            where born.resource_key = done.resource_key
                and born.created_at between done.started_at - interval 5 minute
                    and done.happened_at + interval 5 minute
        ) as made_at
    from activity_operations as done
),
ordered as (
    select
        known.*,
        last_value(case when took_effect then operation end ignore nulls) over (
            partition by resource_key order by happened_at, started_at, correlation_id
            rows between unbounded preceding and 1 preceding
        ) as before
    from known
)
select
    subscription_id,
    array_to_string(string_split(resource_key, '/')[1:9], '/') as workspace_key,
    case when len(string_split(resource_key, '/')) >= 11
        then array_to_string(string_split(resource_key, '/')[1:11], '/')
    end as endpoint_key,
    resource_key,
    case
        when operation = 'delete' then 'deleted'
        when took_effect and (made_at is not null or before = 'delete') then 'created'
        else 'changed'
    end as operation,
    status,
    took_effect,
    started_at,
    happened_at,
    caller as changed_by,
    case when operation = 'write' and took_effect then made_at end as made_at,
    traffic,
    mirror,
    correlation_id
from ordered;

-- What a list shows of every deployment of every snapshot: all findings, those of its money and its
-- size too, its tags as one JSON object, who changed it last, and its money as far as it is known.
create or replace view listed_deployments as
select
    judged.* exclude (findings, reason_codes, finding_codes),
    list_concat(
        judged.findings,
        coalesce(money.money_findings, []),
        case when sizing.could_run_on_instances is not null or sizing.could_run_on_size is not null
            then [json_object(
                'code', 'less-would-do',
                'instances_needed', sizing.could_run_on_instances,
                'instances', judged.instance_count,
                'size_needed', sizing.could_run_on_size,
                'size', judged.instance_type,
                'saving_per_month', money.monthly_run_rate::double * greatest(
                    sizing.share_saved_by_instances, sizing.share_saved_by_size
                ),
                'currency', money.currency
            )::varchar]
        end
    ) as findings,
    (
        select json_group_object(tags.name, tags.value)
        from tags
        where tags.snapshot_id = judged.snapshot_id
            and tags.resource_key = judged.deployment_key
    )::varchar as tags,
    changed.last_changed_at,
    changed.last_changed_by,
    money.* exclude (deployment_key, snapshot_id, money_findings)
from judged_deployments as judged
join judgements as changed
    on changed.deployment_key = judged.deployment_key and changed.snapshot_id = judged.snapshot_id
left join deployment_money as money
    on money.deployment_key = judged.deployment_key and money.snapshot_id = judged.snapshot_id
left join deployment_sizing as sizing
    on sizing.deployment_key = judged.deployment_key and sizing.snapshot_id = judged.snapshot_id;
