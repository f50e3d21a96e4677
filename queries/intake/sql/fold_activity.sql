-- Question: what do new events say of operations, together with what is known of them?
-- Parameters: $events (JSON array; each with subscription_id, resource_key, correlation_id,
--   operation, status, happened_at (UTC), caller, traffic, mirror).
-- Columns: none; makes the temporary folded_activity, a row per resource, correlation id and
--   operation. The status is that of an end, else of the latest event; order does not matter.
create or replace temp table folded_activity as
with
incoming as (
    select unnest(from_json_strict(
        $events,
        '[{
            "subscription_id": "VARCHAR", "resource_key": "VARCHAR",
            "correlation_id": "VARCHAR", "operation": "VARCHAR", "status": "VARCHAR",
            "happened_at": "TIMESTAMP", "caller": "VARCHAR", "traffic": "VARCHAR",
            "mirror": "VARCHAR"
        }]'
    ), recursive := true)
),
together as (
    select *, happened_at as started_at
    from incoming
    union all by name
    select known.* exclude (workspace_key, endpoint_key, made_at)
    from activity_operations as known
    semi join incoming using (resource_key, correlation_id, operation)
),
ranked as (
    select
        *,
        row_number() over (
            partition by resource_key, correlation_id, operation
            order by
                coalesce(status in ('succeeded', 'failed'), false) desc,
                status is not null desc,
                happened_at desc,
                coalesce(status = 'accepted', false) desc
        ) as place
    from together
)
select
    any_value(subscription_id) as subscription_id,
    array_to_string(string_split(resource_key, '/')[1:9], '/') as workspace_key,
    case when len(string_split(resource_key, '/')) >= 11
        then array_to_string(string_split(resource_key, '/')[1:11], '/')
    end as endpoint_key,
    resource_key,
    correlation_id,
    operation,
    any_value(status) filter (where place = 1) as status,
    min(started_at) as started_at,
    any_value(happened_at) filter (where place = 1) as happened_at,
    arg_min(caller, place) as caller,
    arg_min(traffic, place) as traffic,
    arg_min(mirror, place) as mirror
from ranked
group by resource_key, correlation_id, operation
