-- Question: what is the last entry of the journal, and by which first one is the journal known?
-- Parameters: none.
-- Columns: sequence, hash, first_hash.
select sequence, hash, (select hash from journal where sequence = 1) as first_hash
from journal
order by sequence desc
limit 1
