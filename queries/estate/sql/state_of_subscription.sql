-- Question: in what state did the newest snapshot that knows it see a subscription?
-- Parameters: $subscription_id (in any case).
-- Columns: state (as Azure spells it); refuses_writes (null: the state is not known to us). No row:
--   no snapshot knows its state.
select
    seen.state,
    words.refuses_writes
from subscriptions as seen
join snapshots
    on snapshots.snapshot_id = seen.snapshot_id
    and snapshots.kind = 'snapshot'
    and snapshots.status in ('complete', 'partial')
left join vocabulary_subscriptions as words on words.state = lower(seen.state)
where lower(seen.subscription_id) = lower($subscription_id) and seen.state is not null
order by snapshots.started_at desc
limit 1
