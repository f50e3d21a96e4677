-- What a snapshot is made of. Only what DuckLake can do too: no keys, constraints, indexes,
-- sequences, enums or generated columns. Times are UTC; `_key` columns hold ids in lower case.

create table store_identity (cloud varchar, tenant_id varchar);

-- One row per collection. kind: `snapshot`, or `guard` (one endpoint, read for a deletion).
-- status: `running`, `complete`, `partial`. grain_minutes: 1440 daily, 60 hourly.
create table snapshots (
    snapshot_id varchar,
    kind varchar,
    status varchar,
    started_at timestamp,
    finished_at timestamp,
    window_days integer,
    minimum_age_days integer,
    rollbacks_kept integer,
    grain_minutes integer,
    requests varchar,
    throttled integer
);

-- Which tag names stand for which meaning, in order of preference, when the snapshot was judged.
create table snapshot_tag_names (
    snapshot_id varchar,
    meaning varchar,
    name varchar,
    preference integer
);

-- Scopes that were read whole, for a source: `inventory` or `locks`.
create table scope_reads (
    snapshot_id varchar,
    source varchar,
    scope_key varchar,
    subscription_id varchar
);

create table holes (
    snapshot_id varchar,
    source varchar,
    scope varchar,
    code varchar,
    message varchar
);

create table subscriptions (
    snapshot_id varchar,
    subscription_key varchar,
    subscription_id varchar,
    name varchar
);

create table workspaces (
    snapshot_id varchar,
    workspace_key varchar,
    id varchar,
    subscription_id varchar,
    resource_group varchar,
    name varchar,
    region varchar,
    kind varchar,
    hub_id varchar,
    created_at timestamp,
    created_by varchar
);

-- kind: managed, kubernetes, batch, serverless. traffic_known: whether Azure told the map.
create table endpoints (
    snapshot_id varchar,
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

-- A row per name in a traffic or mirror map; the deployment may be gone.
create table traffic_shares (
    snapshot_id varchar,
    endpoint_key varchar,
    deployment_name varchar,
    spelt varchar,
    live_percent double,
    mirror_percent double
);

-- name is null for a serverless endpoint, which is one row.
create table deployments (
    snapshot_id varchar,
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

-- Tags of subscriptions, resource groups, workspaces, endpoints and deployments.
create table tags (
    snapshot_id varchar,
    resource_key varchar,
    name varchar,
    value varchar
);

create table locks (
    snapshot_id varchar,
    scope_key varchar,
    name varchar,
    level varchar
);

-- A resource as Azure told it, once per change, without values of environment variables.
create table raw_resources (
    resource_key varchar,
    content_hash varchar,
    snapshot_id varchar,
    seen_at timestamp,
    body varchar
);

-- Values of metric buckets, kept for good. A bucket without a value has no row.
-- source: deployment, endpoint, `endpoint by class` (then status_class is set).
create table metric_points (
    deployment_key varchar,
    source varchar,
    metric varchar,
    status_class varchar,
    asked_minutes integer,
    grain_minutes integer,
    starts_at timestamp,
    average double,
    maximum double,
    read_at timestamp
);

-- Which days of which metric were asked, and whether they were answered or refused.
-- resource_key: a deployment (source deployment) or an endpoint (the other sources).
create table metric_reads (
    snapshot_id varchar,
    resource_key varchar,
    source varchar,
    metric varchar,
    asked_minutes integer,
    first_day date,
    last_day date,
    state varchar,
    code varchar,
    read_at timestamp
);

-- What was concluded of each deployment of a snapshot. percents 0..100, requests in the window.
create table judgements (
    snapshot_id varchar,
    deployment_key varchar,
    verdict varchar,
    reasons varchar[],
    findings varchar[],
    live_percent double,
    mirror_percent double,
    requests_in_window bigint,
    requests_proven boolean,
    last_request_at timestamp,
    idle_days integer,
    newest_life_until timestamp,
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
    rollback_for varchar
);

-- Append-only: who did what to which resource, when, why, on what evidence, and how it ended.
create table journal (
    sequence bigint,
    happened_at timestamp,
    actor varchar,
    action varchar,
    target varchar,
    outcome varchar,
    reason varchar,
    correlation_id varchar,
    evidence varchar,
    hash varchar
);
