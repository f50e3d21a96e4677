-- Question: which list prices are young enough to be used without asking again?
-- Parameters: $since (UTC).
-- Columns: region, instance_type (lower case), currency.
select region, instance_type, currency
from list_prices
where read_at >= $since::timestamp
