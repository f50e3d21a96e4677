-- Question: what did each deletion save in each month?
-- Parameters: none.
-- Columns: deployment_key; deleted_at (UTC); currency; month (its first day); days (settled ones);
--   saved, growth (in currency, see savings_by_month).
select deployment_key, deleted_at, currency, month, days, saved, growth
from savings_by_month
order by deleted_at, deployment_key, month
