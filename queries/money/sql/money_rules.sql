-- Question: which cost counts by the settings, and in which currency is the list where no bill is?
-- Parameters: none.
-- Columns: basis, currency; one row, or none before the first run.
select basis, currency
from money_rules
