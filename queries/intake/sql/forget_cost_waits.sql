-- Question: which waits are over? Forgets them.
-- Parameters: $now (UTC).
-- Columns: none; deletes from cost_waits.
delete from cost_waits
where until <= $now::timestamp
