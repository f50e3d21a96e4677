-- Question: on which basis are the costs that are shown?
-- Parameters: none.
-- Columns: basis (ActualCost or AmortizedCost; no row where nothing was read).
select distinct basis
from counted_reads
