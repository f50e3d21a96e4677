-- Question: how much quota comes back where these deployments are retired, by the listing?
-- Parameters: $deployment_keys (list).
-- Columns: those of `quota_returned`, whose view works the current deployments out anew.
select
    d.deployment_key,
    lower(d.subscription_id) as subscription_id,
    d.region,
    sizes.family,
    d.instance_type,
    d.instance_count,
    sizes.cores as cores_per_instance,
    sizes.skips_reserve,
    case when sizes.skips_reserve then d.instance_count
        else (6 * d.instance_count + 4) // 5
    end * sizes.cores as cores,
    case
        when d.instance_type is null then 'its size is not known'
        when sizes.cores is null
            then 'not in Microsoft''s list of sizes for managed endpoints: ' || d.instance_type
        when d.instance_count is null then 'its number of instances is not known'
    end as why_unknown
from listing as d
left join machine_sizes as sizes on sizes.size_key = lower(d.instance_type)
where d.kind = 'managed'
    and d.deployment_key in (select unnest($deployment_keys::varchar[]))
order by sizes.family, d.deployment_key
