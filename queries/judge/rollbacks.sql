-- Question: which deployments does each endpoint with live traffic keep to fall back on?
-- Columns: deployment_key, endpoint, place (1 is the first choice), why (tagged,
--   no-live-in-order, last-live, last-asked, newest), why_on (its date); is_tested (held live
--   traffic, answered requests, or was rehearsed).
-- Candidates have no share, are Succeeded, and neither new nor shadow, whatever else their verdict. All
-- that are tagged `rollback` are kept; the order below fills up to the number that is kept. Where
-- no live deployment is Succeeded, all are kept. One whose creation is unknown takes no place from
-- those after it: the share or the request that put it before them may have been a predecessor's.
with
candidates as (
    select
        facts.*,
        coalesce(role = 'rollback', false) as is_tagged,
        row_number() over ranked as place,
        count(*) filter (where created_at is not null or is_tagged) over ranked as filled
    from facts
    where endpoint_has_share
        and kind in (select kind from vocabulary_kinds where is_online)
        and not coalesce(live_percent > 0, true)
        and is_succeeded
        and not coalesce(is_new, false)
        and not has_mirror
    window ranked as (
        partition by endpoint_key
        order by
            coalesce(role = 'rollback', false) desc,
            coalesce(role in ('test', 'retire'), false) or coalesce(instance_count = 0, false),
            last_live_at desc nulls last,
            last_request_at::date desc nulls last,
            created_at desc nulls last,
            name
        rows between unbounded preceding and current row
    )
)
select
    deployment_key,
    endpoint,
    place,
    case
        when is_tagged then 'tagged'
        when not live_succeeded then 'no-live-in-order'
        when last_live_at is not null then 'last-live'
        when last_request_at is not null then 'last-asked'
        else 'newest'
    end as why,
    case
        when is_tagged or not live_succeeded then null
        else coalesce(last_live_at, last_request_at)::date
    end as why_on,
    last_live_at is not null or last_request_at is not null or rehearsed_on is not null
        as is_tested
from candidates
cross join asked
where is_tagged
    or not live_succeeded
    or if(created_at is null, place, filled) <= asked.rollbacks_kept
