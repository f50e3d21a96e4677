-- Question: when did each deployment last hold live or mirrored traffic, in our own history?
-- Columns: last_live_at, last_mirror_at, mirror_since (first snapshot that saw its mirror) (UTC).
-- What was seen before its creation belongs to a predecessor of the same name.
select
    subjects.deployment_key,
    max(s.started_at) filter (where t.live_percent > 0) as last_live_at,
    max(s.started_at) filter (where t.mirror_percent > 0) as last_mirror_at,
    min(s.started_at) filter (where t.mirror_percent > 0) as mirror_since
from subjects
cross join asked
join known_as on known_as.deployment_key = subjects.deployment_key
join traffic_shares as t
    on t.endpoint_key = known_as.known_as_endpoint and t.deployment_name = lower(subjects.name)
join snapshots as s on s.snapshot_id = t.snapshot_id
where s.started_at <= asked.as_of
    and (subjects.born_after is null or s.started_at >= subjects.born_after)
group by subjects.deployment_key
