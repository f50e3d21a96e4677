-- Question: what is the newest that is known of each deployment, as it was kept?
-- Parameters: none.
-- Columns: those of current_deployments; in no order, which `place` tells: sorting 100,000 whole
-- rows takes 200 MB.
select *
from listing
