-- Question: which deployment, with which model, served what share of an endpoint, and when?
-- Parameters: $endpoint_key.
-- Columns: deployment; is_there (false: the map names it, and it does not exist);
--   model, environment, instance_type, instance_count, created_at (UTC); live_percent,
--   mirror_percent (null: the map was not reported); seen_from, seen_until (UTC: the first and the last
--   snapshot in a row that saw just this); next_seen_at (UTC: the next one, which saw something
--   else or nothing; null: none yet); snapshots (how many); longest_gap_hours (between two of
--   them: what happened in between was not seen); requests, request_days (sum over the whole UTC
--   days of the period that have a value, and how many those are; null and 0: none has).
-- A snapshot counts that read the endpoint's scope whole; a guard does too.
with
reads as (
    select
        snapshot_id,
        started_at as seen_at,
        row_number() over chronology as place,
        lead(started_at) over chronology as next_seen_at
    from snapshots
    where status in ('complete', 'partial')
        and snapshot_id in (
            select snapshot_id
            from scope_reads
            where source = 'inventory'
                and scope_key in (
                    $endpoint_key,
                    regexp_replace($endpoint_key, '/[^/]+/[^/]+$', ''),
                    array_to_string(string_split($endpoint_key, '/')[1:3], '/')
                )
        )
    window chronology as (order by started_at, snapshot_id)
),
own as (
    select d.*, lower(coalesce(d.name, d.endpoint)) as name_key
    from deployments as d
    where d.endpoint_key = $endpoint_key
),
shares as (
    select
        snapshot_id,
        deployment_name as name_key,
        any_value(spelt) as spelt,
        sum(live_percent) as live_percent,
        sum(mirror_percent) as mirror_percent
    from traffic_shares
    where endpoint_key = $endpoint_key
    group by snapshot_id, deployment_name
),
named as (
    select snapshot_id, name_key from own
    union
    select snapshot_id, name_key from shares
),
states as (
    select
        reads.place,
        reads.seen_at,
        reads.next_seen_at,
        named.name_key,
        coalesce(own.name, shares.spelt, own.endpoint) as deployment,
        own.deployment_key,
        own.deployment_key is not null as is_there,
        own.model,
        own.environment,
        own.instance_type,
        own.instance_count,
        -- Resource Graph may report the creation in one snapshot and not in the next.
        coalesce(
            own.created_at,
            last_value(own.created_at ignore nulls) over earlier,
            case when first_value(own.created_at ignore nulls) over later <= reads.seen_at
                then first_value(own.created_at ignore nulls) over later
            end
        ) as created_at,
        case when e.traffic_known then coalesce(shares.live_percent, 0) end as live_percent,
        case when e.endpoint_key is not null then coalesce(shares.mirror_percent, 0) end
            as mirror_percent
    from named
    join reads on reads.snapshot_id = named.snapshot_id
    left join own
        on own.snapshot_id = named.snapshot_id and own.name_key = named.name_key
    left join shares
        on shares.snapshot_id = named.snapshot_id and shares.name_key = named.name_key
    left join endpoints as e
        on e.snapshot_id = named.snapshot_id and e.endpoint_key = $endpoint_key
    window
        earlier as (
            partition by named.name_key order by reads.place
            rows between unbounded preceding and current row
        ),
        later as (
            partition by named.name_key order by reads.place
            rows between current row and unbounded following
        )
),
compared as (
    select
        states.*,
        place = lag(place) over own_past + 1
        and to_json({
            a: is_there, b: model, c: environment, d: instance_type, e: instance_count,
            f: created_at, g: live_percent, h: mirror_percent
        }) = lag(to_json({
            a: is_there, b: model, c: environment, d: instance_type, e: instance_count,
            f: created_at, g: live_percent, h: mirror_percent
        })) over own_past as goes_on,
        lag(seen_at) over own_past as seen_before
    from states
    window own_past as (partition by name_key order by place)
),
numbered as (
    select
        compared.*,
        count(*) filter (where not coalesce(goes_on, false))
            over (partition by name_key order by place) as period
    from compared
),
periods as (
    select
        name_key,
        period,
        any_value(deployment_key) as deployment_key,
        arg_max(deployment, place) as deployment,
        any_value(is_there) as is_there,
        any_value(model) as model,
        any_value(environment) as environment,
        any_value(instance_type) as instance_type,
        any_value(instance_count) as instance_count,
        any_value(created_at) as created_at,
        any_value(live_percent) as live_percent,
        any_value(mirror_percent) as mirror_percent,
        min(seen_at) as seen_from,
        max(seen_at) as seen_until,
        arg_max_null(next_seen_at, place) as next_seen_at,
        count(*) as snapshots,
        max(epoch(seen_at) - epoch(seen_before)) filter (where goes_on) / 3600
            as longest_gap_hours
    from numbered
    group by name_key, period
),
days as (
    select deployment_key, day, max(requests) as requests
    from daily_requests
    -- The ids in an endpoint begin with its own, which alone is looked up before all are counted.
    where starts_with(deployment_key, $endpoint_key || '/')
    group by deployment_key, day
)
select
    periods.deployment,
    periods.is_there,
    periods.model,
    periods.environment,
    periods.instance_type,
    periods.instance_count,
    periods.created_at,
    periods.live_percent,
    periods.mirror_percent,
    periods.seen_from,
    periods.seen_until,
    periods.next_seen_at,
    periods.snapshots,
    periods.longest_gap_hours,
    sum(days.requests) as requests,
    count(days.requests) as request_days
from periods
left join days
    on days.deployment_key = periods.deployment_key
    and days.day >= periods.seen_from
    and days.day + interval 1 day <= periods.seen_until
group by all
order by periods.seen_from, periods.deployment
