-- Question: which values are of a month? Puts them aside.
-- Parameters: $first_at, $ends_at (UTC).
-- Columns: those of metric_values, in the temporary table `moved`.
create temp table moved as
select *
from metric_values
where starts_at >= $first_at and starts_at < $ends_at
