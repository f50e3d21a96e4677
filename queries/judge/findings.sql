-- Question: what else should a person know of each deployment, beside its verdict?
-- Columns: deployment_key, findings (a list of sentences).
with
kept as (
    select subjects.endpoint_key, count(*) as places
    from rollbacks
    join subjects on subjects.deployment_key = rollbacks.deployment_key
    group by subjects.endpoint_key
),
-- About one request a minute on each complete day of the window, of a week at least.
by_the_minute as (
    select deployment_key
    from days
    where in_window and not is_today
    group by deployment_key
    having count(*) >= 7
        and count(requests) = count(*)
        and min(requests) >= 1440 * 0.9
        and max(requests) <= 1440 * 1.1
)
select
    facts.deployment_key,
    list_filter(
        [
            case
                when role = 'production' and verdicts.verdict in ('protected', 'idle-endpoint')
                    and is_proven_zero
                    then 'its role is production, but nobody asks it'
                when role = 'production' and live_percent = 0
                    and verdicts.verdict in ('direct', 'shadow', 'failed')
                    then 'its role is production, but it holds no live traffic'
                when role = 'retire' and verdicts.verdict in ('serving', 'shadow', 'direct')
                    then 'its role is retire, but it is in use'
                when role = 'retire' and rollbacks.deployment_key is not null
                    then 'its role is retire, but its endpoint falls back on it'
                when role = 'retire' and retire_after is null
                    then 'its role is retire, but no date says from when on'
                when role = 'rollback' and is_failed
                    then 'its role is rollback, but its provisioning is ' || provisioning_state
                when role = 'rollback' and instance_count = 0
                    then 'its role is rollback, but it has no instance'
                when role = 'rollback' and has_share
                    then 'its role is rollback, but it holds live traffic'
                when role = 'test' and has_share
                    then 'its role is test, but it holds live traffic'
                when role_as_written is not null and role is null
                    then 'its role is not one of production, rollback, test, retire: '
                        || role_as_written
            end,
            case
                when expires_on is not null and try_cast(expires_on as date) is null
                    then 'its expiry date cannot be read: ' || expires_on
                when try_cast(expires_on as date) < asked.today and not exemption_in_force
                    then 'expired on ' || expires_on
            end,
            case when exempt_until is not null and not exemption_in_force
                then 'its exemption ended on ' || exempt_until
            end,
            case when retire_after is not null and try_cast(retire_after as date) is null
                then 'its retirement date cannot be read: ' || retire_after
            end,
            case when role = 'test' and try_cast(expires_on as date) is null
                and not exemption_in_force
                and known_since < asked.as_of - interval 14 day
                then 'expired: a test that is older than 14 days and was not extended'
            end,
            case when has_mirror and mirror_since < asked.as_of - interval 14 day
                then 'a shadow since ' || strftime(mirror_since, '%Y-%m-%d')
                    || ' at least: what was it to show?'
            end,
            case when has_share and is_proven_zero
                then 'holds live traffic and gets no requests'
            end,
            case when by_the_minute.deployment_key is not null
                then 'one request a minute, day after day: it may be asked by a probe alone'
            end,
            case when class_requests > 0 and class_failures >= class_requests
                then 'every request to it fails (5xx)'
            end,
            case when rollbacks.deployment_key is not null and not rollbacks.is_tested
                then 'kept as a rollback, but never tested: it never held traffic nor answered'
            end,
            case when rollbacks.is_tested and facts.quiet_days >= 91
                and coalesce(greatest(last_live_at, last_mirror_at), timestamp 'epoch')
                    < asked.as_of - interval 91 day
                and coalesce(try_cast(rehearsed_on as date), date 'epoch') < asked.today - 91
                then 'kept as a rollback, but neither tested nor needed for a quarter: silent for '
                    || facts.quiet_days || ' days'
            end,
            case when has_share and verdicts.verdict = 'serving' and kept.places is null
                then 'its endpoint has nothing to fall back on'
            end,
            case when len(gone_names) > 0
                then 'its endpoint sends traffic to a deployment that is gone: '
                    || array_to_string(gone_names, ', ')
            end,
            case when drift.deployment_key is not null
                then 'its tags ' || array_to_string(drift.lost_names, ', ')
                    || ' were lost: missing since ' || strftime(drift.missing_since, '%Y-%m-%d')
                    || case when drift.was_recreated then ', as it was recreated' else '' end
            end,
            case when is_failed and has_request
                then 'its provisioning is ' || provisioning_state || ', yet it was asked'
            end
        ],
        lambda finding: finding is not null
    ) as findings
from facts
cross join asked
join verdicts on verdicts.deployment_key = facts.deployment_key
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
left join drift on drift.deployment_key = facts.deployment_key
left join by_the_minute on by_the_minute.deployment_key = facts.deployment_key
left join kept on kept.endpoint_key = facts.endpoint_key
