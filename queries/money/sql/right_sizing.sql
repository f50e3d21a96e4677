-- Question: on what less could one current deployment run, and why not on less?
-- Parameters: $deployment_key.
-- Columns: those of the view right_sizing.
select *
from right_sizing
where deployment_key = $deployment_key
