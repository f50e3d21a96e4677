-- Question: which deployments and judgements of a snapshot are not there once each?
-- Parameters: $part, $parts (of all deployments: millions of ids are not held beside each other).
-- Columns: what (a sentence's beginning), rows (0: all is well).
with
finished as (
    select snapshot_id, row_number() over () as place, status in ('complete', 'partial') as is_done
    from snapshots
),
numbers as materialized (
    select deployment_key, row_number() over () as number
    from (
        select deployment_key from deployments_versions
        union
        select deployment_key from judgements_versions
    )
    where hash(deployment_key) % $parts = $part
),
keyed as (
    select seen.snapshot_id, numbers.number, 1 as found, 0 as concluded
    from deployments_seen as seen
    join deployments_versions as versions on versions.version = seen.version
    join numbers on numbers.deployment_key = versions.deployment_key
    union all
    select seen.snapshot_id, numbers.number, 0, 1
    from judgements_seen as seen
    join judgements_versions as versions on versions.version = seen.version
    join numbers on numbers.deployment_key = versions.deployment_key
),
-- How often each was found and concluded on in a snapshot, where it was not once each.
tallies as materialized (
    select
        any_value(finished.is_done) as is_done,
        sum(keyed.found) as found,
        sum(keyed.concluded) as concluded
    from keyed
    join finished on finished.snapshot_id = keyed.snapshot_id
    group by finished.place, keyed.number
    having sum(keyed.found) <> 1 or sum(keyed.concluded) <> 1
)
select 'deployments that are twice in a snapshot' as what,
    coalesce(sum(found - 1), 0)::bigint as rows
from tallies
where found > 1
union all
select 'deployments of a finished snapshot without a judgement', count(*)
from tallies
where concluded = 0 and is_done
union all
select 'judgements of no deployment', count(*)
from tallies
where found = 0
union all
select 'judgements that are twice in a snapshot', coalesce(sum(concluded - 1), 0)::bigint
from tallies
where concluded > 1
