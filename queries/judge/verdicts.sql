-- Question: what is each deployment?
-- Columns: verdict; missing (what an `unknown` lacks, as sentences).
-- The order is the rule: the first that fits counts. Only a real zero is evidence of silence.
with
gaps as (
    select
        facts.deployment_key,
        list_filter(
            [
                case when kind = 'kubernetes'
                    then 'runs on Kubernetes, whose metrics Azure Monitor does not hold'
                end,
                case when is_busy
                    then 'an operation is running: deployment ' || coalesce(provisioning_state, 'unknown')
                        || ', endpoint ' || coalesce(endpoint_state, 'unknown')
                end,
                case when not endpoint_known then 'its endpoint was not read' end,
                case when provisioning_state is null then 'its state is not known' end,
                case when live_percent is null and endpoint_known
                    then 'the traffic map of its endpoint is not known'
                end,
                case when len(gone_names) > 0
                    then 'its endpoint gives live traffic to a deployment that is gone: '
                        || array_to_string(gone_names, ', ')
                end,
                case when kind = 'managed' and not is_proven_zero and not has_request
                    then 'requests are proven for ' || window_days_known || ' of '
                        || window_days_asked || ' days only'
                        || case
                            when unanswered_days > 0
                                then ': ' || unanswered_days || ' not answered'
                                    || coalesce(' (' || refusal || ')', '')
                            else ': ' || missing_days || ' without a value or a sign of life'
                        end
                end,
                case when is_new is null then 'its age is not known' end,
                case when not locks_known then 'locks could not be read' end
            ],
            lambda gap: gap is not null
        ) as missing
    from facts
)
select
    facts.deployment_key,
    case
        when kind in ('batch', 'serverless') then 'pay-per-use'
        when has_share and any_request then 'serving'
        when has_mirror then 'shadow'
        when has_request and live_percent = 0 then 'direct'
        when is_failed and not has_request then 'failed'
        when is_new then 'new'
        when len(gaps.missing) > 0 then 'unknown'
        when len(lock_names) > 0 or exemption_in_force or coalesce(role = 'production', false)
            then 'protected'
        when has_share and all_silent then 'idle-endpoint'
        when has_share then 'unknown'
        when rollbacks.deployment_key is not null then 'rollback'
        when live_percent = 0 and is_proven_zero then 'idle'
        else 'unknown'
    end as verdict,
    case
        when has_share and not all_silent and len(gaps.missing) = 0
            then ['the silence of a sibling is not proven: ' || array_to_string(unproven_names, ', ')]
        else gaps.missing
    end as missing
from facts
join gaps on gaps.deployment_key = facts.deployment_key
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
