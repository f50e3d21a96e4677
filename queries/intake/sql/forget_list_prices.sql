-- Question: what were the list prices of some sizes before they were asked anew? Forgets them.
-- Parameters: $places (JSON array; each with region, instance_type (lower case), currency).
-- Columns: none; deletes from list_prices.
delete from list_prices as kept
using (
    select
        unnest(from_json_strict(
            $places, '[{"region": "VARCHAR", "instance_type": "VARCHAR", "currency": "VARCHAR"}]'
        ), max_depth := 2)
) as asked
where kept.region = asked.region
    and kept.instance_type = asked.instance_type
    and kept.currency = asked.currency
