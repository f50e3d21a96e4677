-- Question: how much quota comes back where these current deployments are retired?
-- Parameters: $deployment_keys (list).
-- Columns: deployment_key; subscription_id, region, family (by which quota counts);
--   instance_type, instance_count; cores_per_instance, skips_reserve; cores (null: not known),
--   why_unknown.
select
    deployment_key, subscription_id, region, family, instance_type, instance_count,
    cores_per_instance, skips_reserve, cores, why_unknown
from quota_returned
where deployment_key in (select unnest($deployment_keys::varchar[]))
order by family, deployment_key
