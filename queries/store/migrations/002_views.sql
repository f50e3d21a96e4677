-- The views that `mothball sql` documents. They show the newest that is known of each scope.

-- The newest snapshot that read each workspace, wholly or with its subscription.
create view newest_reads as
with known as (
    select distinct workspace_key, '/subscriptions/' || lower(subscription_id) as subscription_key
    from workspaces
    union
    select distinct workspace_key, '/subscriptions/' || lower(subscription_id)
    from deployments
)
select
    known.workspace_key,
    arg_max(snapshots.snapshot_id, snapshots.started_at) as snapshot_id,
    max(snapshots.started_at) as started_at
from known
join scope_reads as reads
    on reads.source = 'inventory'
    and reads.scope_key in (known.workspace_key, known.subscription_key)
join snapshots
    on snapshots.snapshot_id = reads.snapshot_id
    and snapshots.kind = 'snapshot'
    and snapshots.status in ('complete', 'partial')
group by known.workspace_key;

-- Every deployment of every snapshot with what was concluded of it.
create view judged_deployments as
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
    s.window_days
from deployments as d
join snapshots as s on s.snapshot_id = d.snapshot_id
join judgements as j on j.snapshot_id = d.snapshot_id and j.deployment_key = d.deployment_key;

create view current_deployments as
select judged.*
from judged_deployments as judged
join newest_reads as newest
    on newest.workspace_key = judged.workspace_key
    and newest.snapshot_id = judged.snapshot_id;

create view current_endpoints as
select e.*, s.started_at as as_of
from endpoints as e
join snapshots as s on s.snapshot_id = e.snapshot_id
join newest_reads as newest
    on newest.workspace_key = e.workspace_key
    and newest.snapshot_id = e.snapshot_id;

create view current_workspaces as
select w.*, s.started_at as as_of
from workspaces as w
join snapshots as s on s.snapshot_id = w.snapshot_id
join newest_reads as newest
    on newest.workspace_key = w.workspace_key
    and newest.snapshot_id = w.snapshot_id;

-- Requests of each deployment and UTC day, as each namespace told them.
create view daily_requests as
select
    deployment_key,
    source,
    starts_at::date as day,
    sum(average * grain_minutes) as requests
from metric_points
where metric = 'RequestsPerMinute' and asked_minutes = 1440 and source in ('deployment', 'endpoint')
group by deployment_key, source, starts_at::date;

-- Which deployment held what share of its endpoint, in every snapshot.
create view traffic_history as
select
    s.started_at as seen_at,
    t.snapshot_id,
    t.endpoint_key,
    t.spelt as deployment,
    t.live_percent,
    t.mirror_percent
from traffic_shares as t
join snapshots as s on s.snapshot_id = t.snapshot_id;
