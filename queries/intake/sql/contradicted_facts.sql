-- Question: which facts of Azure does the tenant contradict?
-- Parameters: none.
-- Columns: fact (a code).
select fact
from current_facts
where state = 'contradicted'
