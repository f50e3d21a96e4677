-- Question: which cost counts by the settings, in which currency is the list where no bill is, and
--   when does the fiscal year begin?
-- Parameters: none.
-- Columns: basis, currency, fiscal_year_start (month, 1 to 12; null: January); one row, or none
--   before the first run.
select basis, currency, fiscal_year_start
from money_rules
