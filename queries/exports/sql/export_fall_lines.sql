-- Question: which costs of the months are well below what the store knew?
-- Parameters: none.
-- Columns: those of export_falls.
from export_falls
order by subscription_id, month, basis, currency
