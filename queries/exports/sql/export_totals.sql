-- Question: what does each file bill in all?
-- Parameters: none.
-- Columns: file (number), currency, units (of 1e-18), rest (of 1e-28); only rows of the bill that
--   can be read.
select file, currency, sum(units) as units, sum(rest) as rest
from export_read
where is_bill and problem is null
group by file, currency
