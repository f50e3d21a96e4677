-- The codes of what is concluded of each deployment. `reasons` and `findings` hold JSON texts, each
-- with its code and parameters; what an earlier version wrote is a plain sentence, `recorded`.

-- Every deployment of every snapshot with what was concluded of it.
create or replace view judged_deployments as
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
from deployments as d
join snapshots as s on s.snapshot_id = d.snapshot_id
join judgements as j on j.snapshot_id = d.snapshot_id and j.deployment_key = d.deployment_key;

create or replace view current_deployments as
select judged.*
from judged_deployments as judged
join newest_reads as newest
    on newest.workspace_key = judged.workspace_key
    and newest.snapshot_id = judged.snapshot_id;
