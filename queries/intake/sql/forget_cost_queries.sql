-- Question: which cost queries are too old to count against Azure's limit? Forgets them.
-- Parameters: $since (UTC).
-- Columns: none; deletes from cost_queries.
delete from cost_queries
where sent_at < $since::timestamp
