-- Question: which values were put aside? Removes them from where they were.
-- Parameters: $first_at, $ends_at (UTC).
-- Columns: none; deletes from metric_values.
delete from metric_values
where starts_at >= $first_at and starts_at < $ends_at
