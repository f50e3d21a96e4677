-- Question: why has each deployment its verdict, in sentences that a person can check?
-- Columns: deployment_key, reasons (a list of sentences, the deciding one first).
select
    facts.deployment_key,
    list_filter(
        [
            case verdicts.verdict
                when 'pay-per-use' then 'a ' || facts.kind || ' endpoint holds no instances of its own'
                when 'serving' then
                    format('holds {:g} % of live traffic; ', live_percent)
                    || case when has_request
                        then 'requests were seen on it in the window'
                        else 'requests were seen on a sibling in the window, none on it'
                    end
                when 'shadow' then format('gets {:g} % of mirrored traffic', mirror_percent)
                when 'direct' then
                    'requests reached it without a share of live traffic, the last on '
                    || strftime(last_request_at, '%Y-%m-%d') || '; '
                    || case
                        when greatest(last_live_at, last_mirror_at) is null
                            then 'whether they came before or after a share cannot be told'
                        when last_request_at >= greatest(last_live_at, last_mirror_at)
                            then 'they came after its last share, seen '
                                || strftime(greatest(last_live_at, last_mirror_at), '%Y-%m-%d')
                        when last_request_at + interval 1 day
                            <= greatest(last_live_at, last_mirror_at)
                            then 'they came before its last share, seen '
                                || strftime(greatest(last_live_at, last_mirror_at), '%Y-%m-%d')
                        else 'whether they came before or after its last share cannot be told'
                    end
                when 'failed' then
                    'its provisioning is ' || provisioning_state
                    || ' and no request was seen; it may be billed all the same'
                when 'new' then
                    'younger than ' || asked.minimum_age_days || ' days: '
                    || case
                        when created_at is not null
                            then 'created on ' || strftime(created_at, '%Y-%m-%d')
                        when absent_at is not null
                            then 'our snapshot of ' || strftime(absent_at, '%Y-%m-%d')
                                || ' did not find it'
                        else 'its first sign of life is of ' || strftime(first_life_at, '%Y-%m-%d')
                    end
                when 'unknown' then verdicts.missing[1]
                when 'protected' then case
                    when len(lock_names) > 0
                        then 'locked: ' || array_to_string(lock_names, ', ')
                    when exemption_in_force and try_cast(exempt_until as date) is null
                        then 'exempt by a tag on the ' || exemption_source
                            || ' whose date cannot be read: ' || exempt_until
                    when exemption_in_force
                        then 'exempt until ' || exempt_until || ' by a tag on the '
                            || exemption_source
                    else 'its role is production'
                end
                when 'idle-endpoint' then format(
                    'holds {:g} % of live traffic, and its whole endpoint is silent', live_percent
                )
                when 'rollback' then
                    'its endpoint falls back on it: ' || rollbacks.why
                else 'silent, without a share of traffic, and nothing falls back on it'
            end,
            case when is_proven_zero then
                '0 requests in ' || (window_days_asked - 1) || ' days'
                || case when window_days_asked < asked.window_days + 1
                    then ' since ' || strftime(born_after, '%Y-%m-%d')
                    else ''
                end
                || ' and today so far, proven: '
                || array_to_string(
                    list_filter(
                        [
                            case when zero_days > 0
                                then zero_days || ' days with a real zero'
                            end,
                            case when alive_days > 0
                                then alive_days || ' days without a request, but with a sign of life'
                            end
                        ],
                        lambda proof: proof is not null
                    ),
                    ', '
                )
            end,
            case when facts.kind in ('managed', 'kubernetes') and live_percent is not null
                then format(
                    '{:g} % live, {:g} % mirrored', live_percent, coalesce(mirror_percent, 0)
                )
            end,
            case when rollbacks.deployment_key is not null and verdicts.verdict <> 'rollback'
                then 'its endpoint would fall back on it: ' || rollbacks.why
            end,
            case when len(inherited_lock_names) > 0
                then 'a lock from above covers it: ' || array_to_string(inherited_lock_names, ', ')
            end,
            case when is_busy and verdicts.verdict <> 'unknown'
                then 'an operation is running on it or its endpoint'
            end
        ]
        || case when verdicts.verdict = 'unknown' then verdicts.missing[2:] else [] end,
        lambda reason: reason is not null
    ) as reasons
from facts
cross join asked
join verdicts on verdicts.deployment_key = facts.deployment_key
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
