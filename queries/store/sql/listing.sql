-- Question: what is the newest that is known of some deployments, as it was kept?
-- Parameters: $after (their place comes after it), $through (or is it at most).
-- Columns: those of current_deployments.
select *
from listing
where place > $after and place <= $through
order by place
