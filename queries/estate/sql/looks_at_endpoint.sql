-- Question: when was an endpoint looked at, whether it was there or not?
-- Parameters: $endpoint_key.
-- Columns: seen_at (UTC), oldest first. A snapshot counts that read its scope whole; a guard too.
select distinct snapshots.started_at as seen_at
from snapshots
join scope_reads as reads on reads.snapshot_id = snapshots.snapshot_id
where snapshots.status in ('complete', 'partial')
    and reads.source = 'inventory'
    and reads.scope_key in (
        $endpoint_key,
        regexp_replace($endpoint_key, '/[^/]+/[^/]+$', ''),
        array_to_string(string_split($endpoint_key, '/')[1:3], '/')
    )
order by seen_at
