-- Question: what was deleted here, and when last?
-- Parameters: none.
-- Columns: target_key, happened_at (UTC).
select lower(target) as target_key, max(happened_at) as happened_at
from journal
where action in ('delete', 'delete-endpoint') and outcome = 'deleted'
group by lower(target)
