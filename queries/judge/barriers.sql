-- Question: why may nothing be concluded from the load of a managed deployment?
-- Columns: those of loads; instance_type, instances, region; failure_share (0 to 1, of requests
--   that had a 5xx answer; null: none seen); barriers (JSON texts with code and parameters; empty: nothing is in the way).
with
counts as (
    select
        d.deployment_key,
        min(d.instance_count) as fewest,
        max(d.instance_count) as most
    from deployments as d
    join snapshots as s on s.snapshot_id = d.snapshot_id
    join loads on loads.deployment_key = d.deployment_key
    join facts on facts.deployment_key = d.deployment_key
    cross join asked
    where s.kind = 'snapshot'
        and s.started_at >= asked.window_first_day and s.started_at <= asked.as_of
        and (facts.created_at is null or s.started_at >= facts.created_at)
    group by d.deployment_key
),
scaled as (
    select
        settings.target_key as deployment_key,
        min(settings.minimum) as minimum,
        max(settings.maximum) as maximum
    from autoscale_settings as settings
    join asked on asked.snapshot_id = settings.snapshot_id
    where coalesce(settings.enabled, true)
    group by settings.target_key
)
select
    loads.*,
    facts.instance_type,
    facts.instance_count as instances,
    facts.region,
    facts.class_failures / facts.class_requests as failure_share,
    list_filter(
        [
            case
                when rollbacks.deployment_key is not null
                    then json_object('code', 'kept-to-fall-back')
                when words.load_barrier is not null
                    then json_object('code', words.load_barrier)
                when not facts.has_request then json_object('code', 'not-asked')
            end,
            case when scaled.deployment_key is not null
                then json_object(
                    'code', 'autoscaled', 'minimum', scaled.minimum, 'maximum', scaled.maximum
                )
            end,
            case when facts.instance_count is null then json_object('code', 'instances-unknown')
                when facts.instance_count < 1 then json_object('code', 'no-instance')
            end,
            case when counts.fewest <> counts.most
                then json_object(
                    'code', 'instances-changed', 'fewest', counts.fewest, 'most', counts.most
                )
            end,
            case
                when loads.days_measured
                    < greatest(limits.least_days, loads.days_to_measure * limits.share_of_days)
                    then json_object(
                        'code', 'hardly-measured',
                        'days_measured', loads.days_measured,
                        'days_wanted', loads.days_to_measure
                    )
            end,
            case when facts.class_failures >= facts.class_requests * limits.failures
                and facts.class_failures > 0
                then json_object(
                    'code', 'requests-fail',
                    'percent', round(facts.class_failures / facts.class_requests * 100)::integer
                )
            end
        ],
        lambda reason: reason is not null
    )::varchar[] as barriers
from loads
cross join limits
join facts on facts.deployment_key = loads.deployment_key
join verdicts on verdicts.deployment_key = loads.deployment_key
left join vocabulary_verdicts as words on words.verdict = verdicts.verdict
left join rollbacks on rollbacks.deployment_key = loads.deployment_key
left join counts on counts.deployment_key = loads.deployment_key
left join scaled on scaled.deployment_key = loads.deployment_key
