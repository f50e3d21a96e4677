-- Question: on how few instances, or on which smaller size, could each current deployment run?
-- Parameters: none.
-- Columns: deployment_key, could_run_on_instances, could_run_on_size (null: not that way), and
--   saving_per_month of the better way (null: not known); only those that could.
select deployment_key, could_run_on_instances, could_run_on_size, saving_per_month
from right_sizing
where could_run_on_instances is not null or could_run_on_size is not null
