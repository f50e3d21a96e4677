-- Question: what is the last entry of the journal?
-- Parameters: none.
-- Columns: sequence, hash.
select sequence, hash
from journal
order by sequence desc
limit 1
