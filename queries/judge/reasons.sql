-- Question: why has each deployment its verdict?
-- Columns: deployment_key, reasons (a list of JSON texts, each with its code and parameters, the
--   deciding one first; queries/vocabulary.py words that one, queries/text/sentences.py the others).
select
    facts.deployment_key,
    list_filter(
        [
            case verdicts.verdict
                when 'pay-per-use' then json_object('code', 'no-instances', 'kind', facts.kind)
                when 'serving' then json_object(
                    'code', if(has_request, 'live-and-asked', 'live-and-sibling-asked'),
                    'live_percent', live_percent
                )
                when 'shadow' then json_object('code', 'mirrored', 'mirror_percent', mirror_percent)
                when 'direct' then json_object(
                    'code', 'asked-without-share',
                    'last_request_on', last_request_at::date,
                    'last_share_on', greatest(last_live_at, last_mirror_at)::date,
                    'order', case
                        when last_request_at >= greatest(last_live_at, last_mirror_at) then 'after'
                        when last_request_at + interval 1 day
                            <= greatest(last_live_at, last_mirror_at)
                            then 'before'
                    end
                )
                when 'failed' then
                    json_object('code', 'provisioning-failed', 'state', provisioning_state)
                when 'new' then json_object(
                    'code', 'too-young',
                    'minimum_age_days', asked.minimum_age_days,
                    'created_on', created_at::date,
                    'absent_on', absent_at::date
                )
                when 'unknown' then verdicts.missing[1]
                when 'protected' then case
                    when len(lock_names) > 0 then json_object('code', 'locked', 'names', lock_names)
                    when exemption_in_force then json_object(
                        'code', if(
                            try_cast(exempt_until as date) is null, 'exempt-unreadable', 'exempt'
                        ),
                        'until', exempt_until,
                        'source', exemption_source
                    )
                    else json_object('code', 'production-role')
                end
                when 'idle-endpoint' then
                    json_object('code', 'whole-endpoint-silent', 'live_percent', live_percent)
                when 'rollback' then json_object(
                    'code', 'fallback', 'why', rollbacks.why, 'on', rollbacks.why_on
                )
                when 'idle' then json_object('code', 'silent')
            end,
            case when is_proven_zero then json_object(
                'code', 'no-requests',
                'days', window_days_asked - 1,
                'since', case when window_days_asked < asked.window_days + 1
                    then born_after::date
                end,
                'zero_days', zero_days,
                'alive_days', alive_days
            ) end,
            case when facts.kind in (select kind from vocabulary_kinds where is_online)
                and live_percent is not null
                then json_object(
                    'code', 'shares',
                    'live_percent', live_percent,
                    'mirror_percent', coalesce(mirror_percent, 0)
                )
            end,
            case when rollbacks.deployment_key is not null and verdicts.verdict <> 'rollback'
                then json_object(
                    'code', 'would-be-fallback', 'why', rollbacks.why, 'on', rollbacks.why_on
                )
            end,
            case when len(inherited_lock_names) > 0
                then json_object('code', 'inherited-lock', 'names', inherited_lock_names)
            end,
            case when is_busy and verdicts.verdict <> 'unknown'
                then json_object('code', 'operation-in-progress')
            end,
            case
                when above.refuses_writes then json_object(
                    'code', 'subscription-refuses-writes', 'state', above.subscription_state
                )
                when above.subscription_state is not null then json_object(
                    'code', 'subscription-at-risk', 'state', above.subscription_state
                )
            end,
            case
                when lower(above.workspace_state) = 'softdeleted' then json_object(
                    'code', 'workspace-soft-deleted', 'purged_on', above.purged_on
                )
                when lower(above.workspace_state) in ('failed', 'canceled')
                    then json_object('code', 'workspace-failed', 'state', above.workspace_state)
                when above.workspace_state is not null
                    then json_object('code', 'workspace-busy', 'state', above.workspace_state)
            end
        ]
        || case when verdicts.verdict = 'unknown' then verdicts.missing[2:] else [] end,
        lambda reason: reason is not null
    )::varchar[] as reasons
from facts
cross join asked
join verdicts on verdicts.deployment_key = facts.deployment_key
join above on above.deployment_key = facts.deployment_key
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
