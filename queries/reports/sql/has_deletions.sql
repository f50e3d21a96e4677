-- Question: does the journal have any deletion of a deployment?
-- Parameters: none.
-- Columns: has_deletions (true); no row where there is none.
select true as has_deletions
from deletions
limit 1
