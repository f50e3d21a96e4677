-- Question: in which order do the values that were put aside lie side by side as they are asked for?
-- Parameters: none. It reads the temporary table `moved`.
-- Columns: none; inserts into metric_values.
insert into metric_values
select *
from temp.moved
order by resource, source, metric, status_class, starts_at
