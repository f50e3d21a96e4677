-- Question: which row of the price list does the price of a size come from?
-- Parameters: $region, $instance_type, $currency.
-- Columns: per_hour (of one instance, in the currency, as the settings bend it; null: not listed),
--   source, product, meter_id (null: the settings name the price), read_at (UTC).
select prices.per_hour, prices.source, list.product, list.meter_id, prices.read_at
from hourly_prices as prices
left join list_prices as list
    on list.region = prices.region
    and list.instance_type = prices.instance_type
    and list.currency = prices.currency
where prices.region = $region
    and prices.instance_type = lower($instance_type)
    and prices.currency = $currency
order by prices.read_at desc nulls last
limit 1
