-- Who created, changed or deleted what, as the Activity Log says it.

-- An operation on a workspace, endpoint or deployment, once. endpoint_key: null for a workspace.
-- operation: `write`, `delete`. status: `started`, `accepted`, `succeeded`, `failed`, null where
-- Azure's word is not known. started_at and happened_at: its first event and the one that the
-- status is of. traffic, mirror: the maps (JSON) in the body of the request, null where no event
-- held it. made_at: the creation time of what it made, null where it made nothing that was seen.
create table activity_operations (
    subscription_id varchar,
    workspace_key varchar,
    endpoint_key varchar,
    resource_key varchar,
    correlation_id varchar,
    operation varchar,
    status varchar,
    started_at timestamp,
    happened_at timestamp,
    caller varchar,
    traffic varchar,
    mirror varchar,
    made_at timestamp
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
-- has its creation time, and the first one after a deletion did too. took_effect: Azure accepted it,
-- and it did not fail as far as is known.
create view activity as
with
first_after as (
    select
        gone.endpoint_key,
        gone.resource_key,
        gone.happened_at as gone_at,
        min(made.happened_at) as happened_at
    from activity_operations as gone
    join activity_operations as made
        on made.endpoint_key = gone.endpoint_key
        and made.resource_key = gone.resource_key
        and made.happened_at > gone.happened_at
    where gone.operation = 'delete'
        and gone.status in ('accepted', 'succeeded')
        and made.operation = 'write'
        and made.status in ('accepted', 'succeeded')
    group by gone.endpoint_key, gone.resource_key, gone.happened_at
),
remade as (
    select distinct endpoint_key, resource_key, happened_at
    from first_after
)
select
    done.subscription_id,
    done.workspace_key,
    done.endpoint_key,
    done.resource_key,
    case
        when done.operation = 'delete' then 'deleted'
        when done.status in ('accepted', 'succeeded')
            and (done.made_at is not null or remade.happened_at is not null)
            then 'created'
        else 'changed'
    end as operation,
    done.status,
    coalesce(done.status in ('accepted', 'succeeded'), false) as took_effect,
    done.started_at,
    done.happened_at,
    done.caller as changed_by,
    case when done.status in ('accepted', 'succeeded') then done.made_at end as made_at,
    done.traffic,
    done.mirror,
    done.correlation_id
from activity_operations as done
left join remade
    on remade.endpoint_key = done.endpoint_key
    and remade.resource_key = done.resource_key
    and remade.happened_at = done.happened_at;

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
