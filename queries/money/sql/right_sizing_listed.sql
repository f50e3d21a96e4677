-- Question: on what less could one current deployment run, and why not on less, by the listing?
-- Parameters: $deployment_key, $snapshot_id (that of the listing).
-- Columns: those of the view right_sizing that a person is shown; the view asks the bills of all
--   deployments for what the listing holds.
select
    d.deployment_key,
    d.instance_type,
    d.instance_count,
    sizing.* exclude (
        why_not, share_saved_by_instances, share_saved_by_size, deployment_key, finding, snapshot_id
    ),
    (d.monthly_run_rate * sizing.share_saved_by_instances)::decimal(38, 6)
        as saving_by_instances_per_month,
    (d.monthly_run_rate * sizing.share_saved_by_size)::decimal(38, 6) as saving_by_size_per_month,
    (d.monthly_run_rate * greatest(sizing.share_saved_by_instances, sizing.share_saved_by_size))
        ::decimal(38, 6) as saving_per_month,
    d.run_rate_source,
    d.currency,
    sizing.why_not
from listing as d
join deployment_sizing as sizing
    on sizing.snapshot_id = d.snapshot_id and sizing.deployment_key = d.deployment_key
where d.deployment_key = $deployment_key
    and sizing.deployment_key = $deployment_key
    and sizing.snapshot_id = $snapshot_id
