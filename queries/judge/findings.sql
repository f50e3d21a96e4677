-- Question: what else should a person know of each deployment, beside its verdict?
-- Columns: deployment_key, findings (a list of JSON texts, each with its code and parameters;
--   queries/text/sentences.py makes the sentences).
with
kept as (
    select subjects.endpoint_key, count(*) as places
    from rollbacks
    join subjects on subjects.deployment_key = rollbacks.deployment_key
    group by subjects.endpoint_key
)
select
    facts.deployment_key,
    list_filter(
        [
            case
                when role = 'production' and verdicts.verdict in ('protected', 'idle-endpoint')
                    and is_proven_zero
                    then json_object('code', 'production-not-asked')
                when role = 'production' and live_percent = 0
                    and verdicts.verdict in ('direct', 'shadow', 'failed')
                    then json_object('code', 'production-without-traffic')
                when role = 'retire' and words.verdict_group = 'in-use'
                    then json_object('code', 'retire-in-use')
                when role = 'retire' and rollbacks.deployment_key is not null
                    then json_object('code', 'retire-but-fallback')
                when role = 'retire' and retire_after is null
                    then json_object('code', 'retire-without-date')
                when role = 'rollback' and is_failed
                    then json_object('code', 'rollback-failed', 'state', provisioning_state)
                when role = 'rollback' and instance_count = 0
                    then json_object('code', 'rollback-without-instance')
                when role = 'rollback' and has_share
                    then json_object('code', 'rollback-with-traffic')
                when role = 'test' and has_share then json_object('code', 'test-with-traffic')
                when role_as_written is not null and role is null
                    then json_object('code', 'unknown-role', 'role', role_as_written)
            end,
            case
                when expires_on is not null and try_cast(expires_on as date) is null
                    then json_object('code', 'expiry-unreadable', 'on', expires_on)
                when try_cast(expires_on as date) < asked.today and not exemption_in_force
                    then json_object('code', 'expired', 'on', expires_on)
            end,
            case when exempt_until is not null and not exemption_in_force
                then json_object('code', 'exemption-ended', 'on', exempt_until)
            end,
            case when retire_after is not null and try_cast(retire_after as date) is null
                then json_object('code', 'retirement-unreadable', 'on', retire_after)
            end,
            case when role = 'test' and try_cast(expires_on as date) is null
                and not exemption_in_force
                and created_at < asked.as_of - interval 14 day
                then json_object('code', 'old-test')
            end,
            case when has_mirror and mirror_since < asked.as_of - interval 14 day
                then json_object('code', 'long-shadow', 'since', mirror_since::date)
            end,
            case when has_share and is_proven_zero
                then json_object('code', 'live-without-requests')
            end,
            case when has_request_every_minute
                then json_object('code', 'request-every-minute')
            end,
            case when class_requests > 0 and class_failures >= class_requests
                then json_object('code', 'every-request-fails')
            end,
            case when rollbacks.deployment_key is not null and not rollbacks.is_tested
                then json_object('code', 'never-tested-rollback')
            end,
            case when rollbacks.is_tested and facts.quiet_days >= 91
                and coalesce(greatest(last_live_at, last_mirror_at), timestamp 'epoch')
                    < asked.as_of - interval 91 day
                and coalesce(try_cast(rehearsed_on as date), date 'epoch') < asked.today - 91
                then json_object('code', 'unneeded-rollback', 'silent_days', facts.quiet_days)
            end,
            case when has_share and verdicts.verdict = 'serving' and kept.places is null
                then json_object('code', 'no-rollback')
            end,
            case when len(gone_names) > 0
                then json_object('code', 'traffic-to-gone', 'names', gone_names)
            end,
            case when drift.deployment_key is not null
                then json_object(
                    'code', 'tags-lost',
                    'names', drift.lost_names,
                    'since', drift.missing_since::date,
                    'was_recreated', drift.was_recreated
                )
            end,
            case when is_failed and has_request
                then json_object('code', 'failed-but-asked', 'state', provisioning_state)
            end
        ],
        lambda finding: finding is not null
    )::varchar[] as findings
from facts
cross join asked
join verdicts on verdicts.deployment_key = facts.deployment_key
left join vocabulary_verdicts as words on words.verdict = verdicts.verdict
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
left join drift on drift.deployment_key = facts.deployment_key
left join kept on kept.endpoint_key = facts.endpoint_key
