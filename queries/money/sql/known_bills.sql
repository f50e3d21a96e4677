-- Question: what is known of the bill, from where, through when, and how did it move?
-- Parameters: none.
-- Columns: those of the view known_bills; times are UTC, amounts in currency. Newest month first.
select
    subscription_id, month, basis, counts, source, origin, read_at, through, currency, cost,
    cost_on_deployments, moved_by, moved_since
from known_bills
order by month desc, subscription_id, basis, currency
