-- Question: what is known of each operation now? Keeps what fold_activity.sql made of new events.
-- Parameters: none.
-- Columns: none; upserts activity_operations by resource, correlation id and operation. DuckLake
--   cannot read in a MERGE the table that it merges into, so that was done before.
merge into activity_operations as kept
using folded_activity as reported
on kept.resource_key = reported.resource_key
    and kept.correlation_id = reported.correlation_id
    and kept.operation = reported.operation
when matched then update set
    status = reported.status,
    started_at = reported.started_at,
    happened_at = reported.happened_at,
    caller = reported.caller,
    traffic = reported.traffic,
    mirror = reported.mirror
when not matched then insert by name
