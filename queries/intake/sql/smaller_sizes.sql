-- Question: which smaller sizes of its family could each size give way to?
-- Parameters: none.
-- Columns: size_key (lower case), smaller (sizes as the price list spells them).
select size_key, list(instance_type order by cores desc, instance_type) as smaller
from smaller_sizes
group by size_key
