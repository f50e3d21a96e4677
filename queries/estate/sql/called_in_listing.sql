-- Question: which of the kept deployments have each of some parts in their ids?
-- Parameters: $parts (list, in lower case: of a path, or of the tail of one).
-- Columns: those of current_deployments.
select *
from listing
where list_bool_and(list_transform(
    $parts::varchar[], lambda part: contains(deployment_key || '/', '/' || part || '/')
))
order by place
