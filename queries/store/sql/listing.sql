-- Question: what is the newest that is known of each deployment, as it was kept?
-- Parameters: none.
-- Columns: those of current_deployments.
select *
from listing
order by place
