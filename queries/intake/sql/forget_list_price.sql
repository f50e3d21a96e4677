-- Question: what was a size's list price before it was asked anew? Forgets it.
-- Parameters: $region, $instance_type (lower case), $currency.
-- Columns: none; deletes from list_prices.
delete from list_prices
where region = $region and instance_type = $instance_type and currency = $currency
