-- Question: what holds for each endpoint as a whole?
-- Columns: has_share (its map gives someone a share above 0, even someone gone); gone_names
--   (deployments with a share above 0 that do not exist); any_request (on any deployment in the
--   window); all_silent (each deployment's silence is proven, and none can be missing); unproven_names;
--   live_succeeded (a deployment with a share is Succeeded).
with
maps as (
    select
        t.endpoint_key,
        bool_or(t.live_percent > 0) as has_share,
        list(t.spelt order by t.spelt) filter (
            where t.live_percent > 0 and present.deployment_key is null
        ) as gone_names
    from traffic_shares as t
    join asked on asked.snapshot_id = t.snapshot_id
    left join subjects as present
        on present.endpoint_key = t.endpoint_key and lower(present.name) = t.deployment_name
    group by t.endpoint_key
),
read_in_part as (
    select distinct lower(reads.subscription_id) as subscription_id
    from scope_reads as reads
    join asked on asked.snapshot_id = reads.snapshot_id
    where reads.source = 'inventory in part'
)
select
    subjects.endpoint_key,
    coalesce(bool_or(maps.has_share), false) as has_share,
    coalesce(any_value(maps.gone_names), []) as gone_names,
    bool_or(coalesce(silence.requests_seen, 0) > 0) as any_request,
    bool_and(silence.is_proven_zero and read_in_part.subscription_id is null) as all_silent,
    coalesce(
        list(subjects.name order by subjects.name) filter (where not silence.is_proven_zero), []
    ) || case
        when bool_or(read_in_part.subscription_id is not null) then ['perhaps one that was not read']
        else []
    end as unproven_names,
    bool_or(
        coalesce(subjects.live_percent, 0) > 0
        and coalesce(lower(subjects.provisioning_state), '') = 'succeeded'
    ) as live_succeeded
from subjects
join silence on silence.deployment_key = subjects.deployment_key
left join maps on maps.endpoint_key = subjects.endpoint_key
left join read_in_part on read_in_part.subscription_id = lower(subjects.subscription_id)
group by subjects.endpoint_key
