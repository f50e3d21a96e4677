-- Question: which autoscale settings have one current deployment as their target?
-- Parameters: $deployment_key.
-- Columns: deployment_key, id, name, enabled; minimum, maximum, default_count (instances);
--   profiles; as_of (UTC).
select
    deployment_key, id, name, enabled, minimum, maximum, default_count, profiles, as_of
from autoscale
where deployment_key = $deployment_key
order by id
