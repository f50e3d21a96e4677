-- Question: which autoscale settings have one current deployment as their target, by the listing?
-- Parameters: $deployment_key.
-- Columns: those of `autoscale_of`, whose view works out anew which snapshot counts.
select
    settings.target_key as deployment_key,
    settings.id,
    settings.name,
    settings.enabled,
    settings.minimum,
    settings.maximum,
    settings.default_count,
    settings.profiles,
    d.as_of
from listing as d
join autoscale_settings as settings
    on settings.snapshot_id = d.snapshot_id and settings.target_key = d.deployment_key
where d.deployment_key = $deployment_key
    and settings.target_key = $deployment_key
order by settings.id
