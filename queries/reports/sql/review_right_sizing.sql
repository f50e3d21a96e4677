-- Question: which current deployments could do with less, and what would that save?
-- Parameters: none.
-- Columns: deployment (workspace/endpoint/deployment); instance_type, instance_count; days_measured;
--   could_run_on_instances, could_run_on_size (null: not on less); saving_per_month (in currency,
--   the better of both; null: its price is not known), run_rate_source, currency.
select
    concat_ws('/', workspace, endpoint, deployment) as deployment,
    instance_type,
    instance_count,
    days_measured,
    could_run_on_instances,
    could_run_on_size,
    saving_per_month,
    run_rate_source,
    currency
from right_sizing
where could_run_on_instances is not null or could_run_on_size is not null
order by currency, saving_per_month desc nulls first, deployment
