-- Question: what becomes of each month that the export covers?
-- Parameters: none.
-- Columns: those of export_months.
from export_months
order by subscription_id, month, basis
