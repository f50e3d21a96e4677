-- Question: what is concluded of each deployment of the collection?
-- Columns: those of the table judgements. requests_in_window is whole, non-zero never 0, and 0
--   only where proven; idle_days counts from the last request where every day since is proven,
--   else the proven days in a row (a lower bound).
select
    asked.snapshot_id,
    facts.deployment_key,
    verdicts.verdict,
    reasons.reasons,
    findings.findings,
    facts.live_percent,
    facts.mirror_percent,
    case
        when facts.requests_seen > 0 then greatest(1, round(facts.requests_seen)::bigint)
        when facts.is_proven_zero then 0
    end as requests_in_window,
    facts.is_proven_zero as requests_proven,
    facts.last_request_at,
    case
        when facts.kind <> 'managed' then null
        when facts.last_request_at is null then nullif(facts.quiet_days, 0)
        when facts.quiet_days >= date_diff('day', facts.last_request_at, asked.as_of) - 1
            then date_diff('day', facts.last_request_at, asked.as_of)
        else nullif(facts.quiet_days, 0)
    end as idle_days,
    facts.newest_life_until,
    facts.is_new,
    facts.locks_known,
    facts.lock_names,
    facts.inherited_lock_names,
    facts.exemption_in_force,
    facts.exempt_until,
    facts.role,
    facts.owner,
    facts.owner_source,
    facts.purpose,
    facts.team,
    facts.cost_center,
    facts.expires_on,
    facts.retire_after,
    case when rollbacks.deployment_key is not null then facts.endpoint end as rollback_for,
    changers.last_changed_at,
    changers.last_changed_by
from facts
cross join asked
join verdicts on verdicts.deployment_key = facts.deployment_key
join reasons on reasons.deployment_key = facts.deployment_key
join findings on findings.deployment_key = facts.deployment_key
left join rollbacks on rollbacks.deployment_key = facts.deployment_key
left join changers on changers.deployment_key = facts.deployment_key
