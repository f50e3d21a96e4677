-- Views of the newest that is known, which look at the newest snapshots' rows alone: what they
-- would have to sort out otherwise grows with every snapshot.

-- The newest snapshot that read each workspace, wholly or with its subscription; one that read all
-- but a few rows of it counts too. Only whole reads (`inventory`) tell that something is not there.
create or replace view newest_reads as
with known as (
    select distinct workspace_key, '/subscriptions/' || lower(subscription_id) as subscription_key
    from workspaces_versions
    union
    select distinct workspace_key, '/subscriptions/' || lower(subscription_id)
    from deployments_versions
)
select
    known.workspace_key,
    arg_max(snapshots.snapshot_id, snapshots.started_at) as snapshot_id,
    max(snapshots.started_at) as started_at
from known
join scope_reads as reads
    on reads.source in ('inventory', 'inventory in part')
    and reads.scope_key in (known.workspace_key, known.subscription_key)
join snapshots
    on snapshots.snapshot_id = reads.snapshot_id
    and snapshots.kind = 'snapshot'
    and snapshots.status in ('complete', 'partial')
group by known.workspace_key;

-- Every deployment of the newest snapshots with what was concluded of it: the columns of
-- judged_deployments.
create or replace view current_deployments as
with
newest as materialized (
    select workspace_key, snapshot_id from newest_reads
),
d as (
    from deployments where snapshot_id in (select snapshot_id from newest)
),
j as (
    from judgements where snapshot_id in (select snapshot_id from newest)
)
select
    d.snapshot_id,
    s.started_at as as_of,
    d.deployment_key,
    d.endpoint_key,
    d.workspace_key,
    d.id,
    d.subscription_id,
    d.resource_group,
    d.workspace,
    d.endpoint,
    d.name as deployment,
    d.region,
    d.kind,
    d.provisioning_state,
    d.instance_type,
    d.instance_count,
    d.model,
    d.environment,
    d.code,
    d.created_at,
    d.created_by,
    j.live_percent as live_traffic_percent,
    j.mirror_percent as mirror_traffic_percent,
    j.requests_in_window,
    j.last_request_at,
    j.idle_days,
    j.role,
    j.owner,
    j.owner_source,
    j.purpose,
    j.expires_on,
    j.retire_after,
    j.verdict,
    j.reasons,
    j.findings,
    j.rollback_for,
    j.requests_proven,
    j.newest_life_until,
    j.is_new,
    j.locks_known,
    j.lock_names,
    j.inherited_lock_names,
    j.exemption_in_force,
    j.exempt_until,
    s.window_days,
    list_transform(
        j.reasons,
        lambda text: coalesce(nullif(regexp_extract(text, '^{"code":"([a-z0-9-]+)"', 1), ''), 'recorded')
    ) as reason_codes,
    list_transform(
        j.findings,
        lambda text: coalesce(nullif(regexp_extract(text, '^{"code":"([a-z0-9-]+)"', 1), ''), 'recorded')
    ) as finding_codes
from newest
join d on d.workspace_key = newest.workspace_key and d.snapshot_id = newest.snapshot_id
join snapshots as s on s.snapshot_id = d.snapshot_id
join j on j.snapshot_id = d.snapshot_id and j.deployment_key = d.deployment_key;

-- What a list shows of them: the columns of listed_deployments.
create view listed_now as
with
newest as materialized (
    select distinct snapshot_id from newest_reads
),
concluded as (
    from judgements where snapshot_id in (select snapshot_id from newest)
),
sizes as (
    from deployment_sizing where snapshot_id in (select snapshot_id from newest)
),
tagged as (
    select snapshot_id, resource_key, json_group_object(name, value)::varchar as tags
    from tags
    where snapshot_id in (select snapshot_id from newest)
    group by snapshot_id, resource_key
)
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
    tagged.tags,
    changed.last_changed_at,
    changed.last_changed_by,
    money.* exclude (deployment_key, snapshot_id, money_findings)
from current_deployments as judged
join concluded as changed
    on changed.deployment_key = judged.deployment_key and changed.snapshot_id = judged.snapshot_id
left join tagged
    on tagged.resource_key = judged.deployment_key and tagged.snapshot_id = judged.snapshot_id
left join deployment_money as money
    on money.deployment_key = judged.deployment_key and money.snapshot_id = judged.snapshot_id
left join sizes as sizing
    on sizing.deployment_key = judged.deployment_key and sizing.snapshot_id = judged.snapshot_id;
