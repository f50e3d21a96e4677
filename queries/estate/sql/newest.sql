-- Question: what is the newest of all that the store was given?
-- Parameters: none.
-- Columns: snapshot_id, taken_at (UTC; null: no snapshot is finished); journal_entries;
--   bill_read_at (UTC; null: no bill was read).
with
taken as (
    select snapshot_id, started_at
    from snapshots
    where kind = 'snapshot' and status in ('complete', 'partial')
    order by started_at desc, snapshot_id
    limit 1
),
written as (
    select coalesce(max(sequence), 0) as journal_entries
    from journal
),
billed as (
    select max(read_at) as bill_read_at
    from cost_reads
)
select
    taken.snapshot_id,
    taken.started_at as taken_at,
    written.journal_entries,
    billed.bill_read_at
from written
cross join billed
left join taken on true
