-- Question: which current deployments could do with less, and what would that save, by the listing?
-- Parameters: none.
-- Columns: deployment (workspace/endpoint/deployment); instance_type, instance_count; days_measured;
--   could_run_on_instances, could_run_on_size (null: not on less); saving_per_month (in currency,
--   the better of both; null: its price is not known), run_rate_source, currency.
select
    concat_ws('/', d.workspace, d.endpoint, d.deployment) as deployment,
    d.instance_type,
    d.instance_count,
    sizing.days_measured,
    sizing.could_run_on_instances,
    sizing.could_run_on_size,
    (d.monthly_run_rate * greatest(sizing.share_saved_by_instances, sizing.share_saved_by_size))
        ::decimal(38, 6) as saving_per_month,
    d.run_rate_source,
    d.currency
from listing as d
join deployment_sizing as sizing
    on sizing.snapshot_id = d.snapshot_id and sizing.deployment_key = d.deployment_key
where sizing.snapshot_id in (select snapshot_id from listing)
    and (sizing.could_run_on_instances is not null or sizing.could_run_on_size is not null)
order by d.currency, saving_per_month desc nulls first, deployment
