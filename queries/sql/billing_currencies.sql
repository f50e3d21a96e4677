-- Question: in which currency is each subscription billed?
-- Parameters: none.
-- Columns: subscription_id (lower case), currency (of the newest billed day).
select subscription_id, arg_max(currency, day) as currency
from cost_lines
where kind = 'bill'
group by subscription_id
