-- Question: which month's values are now put in order?
-- Parameters: $at (UTC: the beginning of a snapshot that is finished).
-- Columns: first_at, ends_at (UTC: of the month before). No row: none. It is done once, by the first
--   snapshot from the fourth day of a month on, when no value of the month before comes any more; what was
--   read before the first snapshot ever came in good order.
with
months as (
    select
        date_trunc('month', $at::timestamp) - interval 1 month as first_at,
        date_trunc('month', $at::timestamp)::timestamp as ends_at,
        date_trunc('month', $at::timestamp) + interval 3 day as from_then_on
),
finished as (
    select started_at
    from snapshots
    where kind = 'snapshot' and status in ('complete', 'partial') and started_at < $at
)
select first_at, ends_at
from months
where $at >= from_then_on
    and exists (from finished where started_at < months.ends_at)
    and not exists (from finished where started_at >= months.from_then_on)
