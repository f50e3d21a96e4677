-- Question: what is each deployment?
-- Columns: verdict (of vocabulary_verdicts); missing (what an `unknown` lacks: a list of JSON texts,
--   each with its code and parameters).
-- The order is the rule: the first that fits counts. Only a real zero is evidence of silence. Without
-- its age nobody knows whose requests, or whose silence, lie under its id.
with
-- Answered days without a value, up to its first one, which is no younger than its creation.
dated as (
    select
        facts.*,
        unanswered_days = 0
        and metrics_begin_on > asked.window_first_day
        and metrics_begin_on > coalesce(born_after::date, asked.window_first_day)
        and last_unproven_on <= metrics_begin_on as begins_late
    from facts
    cross join asked
),
-- What Azure contradicts: of whatever is judged; whether requests came without a share, and to whom;
-- of what no request was seen on; and, of what shows no sign of life on a silent day, that there
-- would be one.
contradicted as (
    select
        coalesce(list(gap) filter (
            where evidence in ('existence', 'traffic', 'creation', 'tags', 'locks')
        ), []) as of_all,
        count(*) filter (where evidence in ('traffic', 'creation')) > 0 as of_shares,
        coalesce(list(gap) filter (where evidence = 'requests'), []) as of_requests,
        coalesce(list(gap) filter (where evidence = 'aliveness'), []) as of_aliveness
    from contradictions
),
doubts as (
    select
        facts.deployment_key,
        case when kinds.is_measured then contradicted.of_all else [] end
        || case when kinds.is_measured and not has_request then contradicted.of_requests else [] end
            as contradictions,
        case
            when kinds.is_measured and not has_request and not is_proven_zero
                and missing_days > unanswered_days and len(contradicted.of_requests) = 0
                then contradicted.of_aliveness
            else []
        end as of_aliveness
    from facts
    cross join contradicted
    left join vocabulary_kinds as kinds on kinds.kind = facts.kind
),
gaps as (
    select
        facts.deployment_key,
        doubts.contradictions,
        doubts.contradictions || doubts.of_aliveness || list_filter(
            [
                case when kinds.is_online and not kinds.is_measured
                    then json_object('code', 'not-measured')
                end,
                case when is_busy
                    then json_object(
                        'code', 'operation-running',
                        'deployment_state', provisioning_state,
                        'endpoint_state', endpoint_state
                    )
                end,
                case when not endpoint_known then json_object('code', 'endpoint-not-read') end,
                case when provisioning_state is null then json_object('code', 'state-unknown') end,
                case when live_percent is null and endpoint_known
                    then json_object('code', 'traffic-unknown')
                end,
                case when len(gone_names) > 0
                    then json_object('code', 'live-traffic-to-gone', 'names', gone_names)
                end,
                case when kinds.is_measured and not is_proven_zero and not has_request
                    and len(contradicted.of_requests) = 0
                    and (len(doubts.of_aliveness) = 0 or unanswered_days > 0)
                    then if(begins_late, json_object(
                        'code', 'metrics-begin-late',
                        'on', metrics_begin_on,
                        'created_on', created_at::date,
                        'days_known', window_days_known,
                        'days_wanted', window_days_asked
                    ), json_object(
                        'code', 'requests-not-proven',
                        'days_known', window_days_known,
                        'days_wanted', window_days_asked,
                        'days_unanswered', unanswered_days,
                        'refusal', refusal,
                        'days_without_value', missing_days
                    ))
                end,
                case when is_new is null then json_object('code', 'age-unknown') end,
                case when not locks_known
                    and not exists (from contradictions where evidence = 'locks')
                    then json_object('code', 'locks-unknown')
                end
            ],
            lambda gap: gap is not null
        ) as missing
    from dated as facts
    cross join contradicted
    join doubts on doubts.deployment_key = facts.deployment_key
    left join vocabulary_kinds as kinds on kinds.kind = facts.kind
)
select
    facts.deployment_key,
    case
        when not kinds.is_online then 'pay-per-use'
        when has_share and any_request then 'serving'
        when has_mirror then 'shadow'
        when has_request and live_percent = 0 and is_new is not null
            and not contradicted.of_shares then 'direct'
        when is_failed and not has_request and is_new is not null
            and len(gaps.contradictions) = 0 then 'failed'
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
            then [json_object('code', 'sibling-not-proven', 'names', unproven_names)]
        else gaps.missing
    end as missing
from facts
cross join contradicted
join gaps on gaps.deployment_key = facts.deployment_key
left join vocabulary_kinds as kinds on kinds.kind = facts.kind
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
