-- Question: which notes of hourly answers are too old to be asked for again? Removes them.
-- Parameters: $before (UTC).
-- Columns: none; deletes from metric_reads.
delete from metric_reads
where asked_minutes < 1440 and read_at < $before
