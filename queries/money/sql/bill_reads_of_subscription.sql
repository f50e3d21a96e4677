-- Question: which months of the bill of a subscription count, and when were they read?
-- Parameters: $subscription_id.
-- Columns: month (its first day), basis (ActualCost or AmortizedCost), source (query or export),
--   last_day (UTC date: the last that an export holds; null: of a query), read_at (UTC).
-- Newest month first.
select month, basis, source, last_day, read_at
from counted_reads
where subscription_id = lower($subscription_id)
order by month desc, read_at desc
