-- What snapshots find and conclude, kept once per change. `NAME_versions` holds what was said,
-- under a number, with the hash that it is found by again; `NAME_seen` which snapshot said it, with
-- what moves from day to day. The views have the rows as each snapshot had them.

-- The rows of before stay under these names until they are moved; the tables go then.
alter table workspaces rename to workspaces_whole;
alter table endpoints rename to endpoints_whole;
alter table traffic_shares rename to traffic_shares_whole;
alter table deployments rename to deployments_whole;
alter table tags rename to tags_whole;
alter table judgements rename to judgements_whole;
alter table deployment_sizing rename to deployment_sizing_whole;

create table workspaces_versions (
    version integer,
    content_hash blob,
    workspace_key varchar,
    id varchar,
    subscription_id varchar,
    resource_group varchar,
    name varchar,
    region varchar,
    kind varchar,
    hub_id varchar,
    created_at timestamp,
    created_by varchar,
    provisioning_state varchar,
    soft_deleted_at timestamp,
    purged_at timestamp
);

create table workspaces_seen (snapshot_id varchar, version integer);

create view workspaces as
select seen.snapshot_id, versions.* exclude (version, content_hash)
from workspaces_seen as seen
join workspaces_versions as versions on versions.version = seen.version;

-- kind: managed, kubernetes, batch, serverless. traffic_known: whether Azure told the map.
create table endpoints_versions (
    version integer,
    content_hash blob,
    endpoint_key varchar,
    workspace_key varchar,
    id varchar,
    subscription_id varchar,
    resource_group varchar,
    workspace varchar,
    name varchar,
    kind varchar,
    region varchar,
    provisioning_state varchar,
    auth_mode varchar,
    public_network_access varchar,
    identity_kind varchar,
    traffic_known boolean,
    created_at timestamp,
    created_by varchar
);

create table endpoints_seen (snapshot_id varchar, version integer);

create view endpoints as
select seen.snapshot_id, versions.* exclude (version, content_hash)
from endpoints_seen as seen
join endpoints_versions as versions on versions.version = seen.version;

-- The traffic and mirror maps of an endpoint; a deployment that they name may be gone.
create table traffic_shares_versions (
    version integer,
    content_hash blob,
    endpoint_key varchar,
    shares struct(
        deployment_name varchar,
        spelt varchar,
        live_percent double,
        mirror_percent double
    )[]
);

create table traffic_shares_seen (snapshot_id varchar, version integer);

-- A row per name in a traffic or mirror map.
create view traffic_shares as
with
listed as (
    select seen.snapshot_id, versions.endpoint_key, unnest(versions.shares) as share
    from traffic_shares_seen as seen
    join traffic_shares_versions as versions on versions.version = seen.version
)
select
    snapshot_id,
    endpoint_key,
    share.deployment_name as deployment_name,
    share.spelt as spelt,
    share.live_percent as live_percent,
    share.mirror_percent as mirror_percent
from listed;

-- name is null for a serverless endpoint, which is one row.
create table deployments_versions (
    version integer,
    content_hash blob,
    deployment_key varchar,
    endpoint_key varchar,
    workspace_key varchar,
    id varchar,
    subscription_id varchar,
    resource_group varchar,
    workspace varchar,
    endpoint varchar,
    name varchar,
    kind varchar,
    region varchar,
    provisioning_state varchar,
    instance_type varchar,
    instance_count integer,
    model varchar,
    environment varchar,
    code varchar,
    scoring_script varchar,
    request_timeout varchar,
    max_concurrent_requests_per_instance integer,
    max_queue_wait varchar,
    scale_type varchar,
    egress_public_network_access varchar,
    app_insights_enabled boolean,
    created_at timestamp,
    created_by varchar
);

create table deployments_seen (snapshot_id varchar, version integer);

create view deployments as
select seen.snapshot_id, versions.* exclude (version, content_hash)
from deployments_seen as seen
join deployments_versions as versions on versions.version = seen.version;

-- The tags of a subscription, resource group, workspace, endpoint or deployment.
create table tags_versions (
    version integer,
    content_hash blob,
    resource_key varchar,
    tags struct(name varchar, value varchar)[]
);

create table tags_seen (snapshot_id varchar, version integer);

-- A row per tag.
create view tags as
with
listed as (
    select seen.snapshot_id, versions.resource_key, unnest(versions.tags) as tag
    from tags_seen as seen
    join tags_versions as versions on versions.version = seen.version
)
select snapshot_id, resource_key, tag.name as name, tag.value as value
from listed;

-- What was concluded of a deployment. percents 0..100.
create table judgements_versions (
    version integer,
    content_hash blob,
    deployment_key varchar,
    verdict varchar,
    reasons varchar[],
    findings varchar[],
    live_percent double,
    mirror_percent double,
    requests_proven boolean,
    is_new boolean,
    locks_known boolean,
    lock_names varchar[],
    inherited_lock_names varchar[],
    exemption_in_force boolean,
    exempt_until varchar,
    role varchar,
    owner varchar,
    owner_source varchar,
    purpose varchar,
    expires_on varchar,
    retire_after varchar,
    rollback_for varchar,
    team varchar,
    last_changed_at timestamp,
    last_changed_by varchar,
    cost_center varchar
);

-- requests in the window.
create table judgements_seen (
    snapshot_id varchar,
    version integer,
    requests_in_window bigint,
    last_request_at timestamp,
    idle_days integer,
    newest_life_until timestamp
);

create view judgements as
select
    seen.snapshot_id,
    versions.deployment_key,
    versions.verdict,
    versions.reasons,
    versions.findings,
    versions.live_percent,
    versions.mirror_percent,
    seen.requests_in_window,
    versions.requests_proven,
    seen.last_request_at,
    seen.idle_days,
    seen.newest_life_until,
    versions.is_new,
    versions.locks_known,
    versions.lock_names,
    versions.inherited_lock_names,
    versions.exemption_in_force,
    versions.exempt_until,
    versions.role,
    versions.owner,
    versions.owner_source,
    versions.purpose,
    versions.expires_on,
    versions.retire_after,
    versions.rollback_for,
    versions.team,
    versions.last_changed_at,
    versions.last_changed_by,
    versions.cost_center
from judgements_seen as seen
join judgements_versions as versions on versions.version = seen.version;

-- On what less a managed deployment could run. saved shares are of its monthly money.
create table deployment_sizing_versions (
    version integer,
    content_hash blob,
    deployment_key varchar,
    could_run_on_instances integer,
    could_run_on_size varchar,
    share_saved_by_instances double,
    share_saved_by_size double,
    why_not varchar[],
    finding varchar
);

-- What it needed. Percents are 0 to 100, shares 0 to 1; `_mean` is the mean of daily averages,
-- `_highest` the highest daily maximum.
create table deployment_sizing_seen (
    snapshot_id varchar,
    version integer,
    days_measured integer,
    days_to_measure integer,
    cpu_mean double,
    cpu_highest double,
    memory_mean double,
    memory_highest double,
    gpu_mean double,
    gpu_highest double,
    gpu_memory_mean double,
    gpu_memory_highest double,
    latency_p95_ms double,
    latency_p95_highest_ms double,
    failure_share double
);

create view deployment_sizing as
select
    seen.snapshot_id,
    versions.deployment_key,
    seen.days_measured,
    seen.days_to_measure,
    seen.cpu_mean,
    seen.cpu_highest,
    seen.memory_mean,
    seen.memory_highest,
    seen.gpu_mean,
    seen.gpu_highest,
    seen.gpu_memory_mean,
    seen.gpu_memory_highest,
    seen.latency_p95_ms,
    seen.latency_p95_highest_ms,
    seen.failure_share,
    versions.could_run_on_instances,
    versions.could_run_on_size,
    versions.share_saved_by_instances,
    versions.share_saved_by_size,
    versions.why_not,
    versions.finding
from deployment_sizing_seen as seen
join deployment_sizing_versions as versions on versions.version = seen.version;
