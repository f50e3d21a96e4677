-- Question: in which state did one collection see an endpoint, and was anything in it called?
-- Parameters: $snapshot_id, $endpoint_key.
-- Columns: state, workspace_state (as Azure spells them, null: not reported);
--   traffic_known (whether Azure reported the map);
--   gone_names (given a share above 0, and not there); asked_names (deployments, gone ones too,
--   with a request in the window on any kept value since the endpoint was created).
with
seen as (
    select
        e.*,
        greatest(
            (s.started_at::date - s.window_days)::timestamp,
            coalesce(e.created_at, '-infinity'::timestamp)
        ) as counts_from
    from endpoints as e
    join snapshots as s on s.snapshot_id = e.snapshot_id
    where e.snapshot_id = $snapshot_id and e.endpoint_key = $endpoint_key
),
present as (
    select lower(d.name) as name
    from deployments as d
    where d.snapshot_id = $snapshot_id and d.endpoint_key = $endpoint_key
),
gone as (
    select list(t.spelt order by t.spelt) as names
    from traffic_shares as t
    left join present on present.name = t.deployment_name
    where t.snapshot_id = $snapshot_id and t.endpoint_key = $endpoint_key
        and t.live_percent > 0 and present.name is null
),
asked as (
    select list(distinct split_part(p.deployment_key, '/deployments/', -1)) as names
    from metric_points as p
    cross join seen
    where p.metric = 'RequestsPerMinute' and p.source in ('deployment', 'endpoint')
        and p.average > 0
        and starts_with(p.deployment_key, $endpoint_key || '/deployments/')
        and p.starts_at + to_minutes(p.grain_minutes) > seen.counts_from
)
select
    seen.provisioning_state as state,
    (
        select any_value(w.provisioning_state)
        from workspaces as w
        where w.snapshot_id = seen.snapshot_id and w.workspace_key = seen.workspace_key
    ) as workspace_state,
    seen.traffic_known,
    coalesce(gone.names, []) as gone_names,
    list_sort(coalesce(asked.names, [])) as asked_names
from seen
cross join gone
cross join asked
