-- Question: what did a month of a subscription's bill come to at a reading? Forgets it.
-- Parameters: $subscription_id (lower case), $month (its first day), $basis; $read_at (UTC; null: all
--   readings).
-- Columns: none; deletes from cost_sums.
delete from cost_sums
where subscription_id = $subscription_id and month = $month and basis = $basis
    and ($read_at is null or read_at = $read_at)
