-- Question: before which moment does nothing have to be counted again?
-- Columns: since (UTC; null: all has to). It is kept as a variable, since what a scan of the metric
--   values may leave out must be known before it begins.
select min(before)::timestamp as since
from carried
