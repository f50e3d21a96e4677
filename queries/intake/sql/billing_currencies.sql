-- Question: in which currency is each subscription billed?
-- Parameters: none.
-- Columns: subscription_id (lower case), currency (of the newest billed day).
select subscription_id, currency
from billing_currencies
