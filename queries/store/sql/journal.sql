-- Question: what was planned, refused, written and found, in order?
-- Parameters: none.
-- Columns: those of the table journal; happened_at is UTC, evidence a JSON object.
select sequence, happened_at, actor, action, target, outcome, reason, correlation_id, evidence, hash
from journal
order by sequence
