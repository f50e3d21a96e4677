-- Question: which hourly values of guards are too old to be asked for again? Removes them.
-- Parameters: $before (UTC).
-- Columns: none; deletes from metric_values.
delete from metric_values
where asked_minutes < 1440 and starts_at < $before
