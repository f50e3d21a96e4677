-- Question: how much may each current deployment be asked, and how long may an answer take?
-- Parameters: none.
-- Columns: deployment_key; max_concurrent_requests_per_instance (requests at once);
--   request_timeout, max_queue_wait (ISO 8601 durations as Azure spells them).
select
    deployments.deployment_key,
    deployments.max_concurrent_requests_per_instance,
    deployments.request_timeout,
    deployments.max_queue_wait
from deployments
join newest_reads
    on newest_reads.workspace_key = deployments.workspace_key
    and newest_reads.snapshot_id = deployments.snapshot_id
