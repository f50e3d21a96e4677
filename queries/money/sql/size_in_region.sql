-- Question: what does a size cost in a region, and how does it count against a quota?
-- Parameters: $region, $instance_type (in any case).
-- Columns: per_hour (for one instance, in currency; null: not known); currency; family,
--   cores, skips_reserve (null: the size is not in Microsoft's list). A row for each currency known.
select
    hourly.per_hour,
    hourly.currency,
    sizes.family,
    sizes.cores,
    sizes.skips_reserve
from (select lower($instance_type) as instance_type) as asked
left join hourly_prices as hourly
    on hourly.instance_type = asked.instance_type and hourly.region = $region
left join machine_sizes as sizes on lower(sizes.instance_type) = asked.instance_type
order by hourly.currency
