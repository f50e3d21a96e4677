-- Question: which number was given to a resource last?
-- Parameters: none.
-- Columns: resource (0: no resource has one).
select coalesce(max(resource), 0) as resource
from resources
