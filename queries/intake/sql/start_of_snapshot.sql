-- Question: when does a collection start, so that it comes after those that the store has?
-- Parameters: $now (UTC).
-- Columns: started_at (UTC: now, or the next microsecond after the last one of this second). No
--   two have the same, also where a clock is coarse, stands still or is set back a little.
select coalesce(max(started_at) + interval 1 microsecond, $now::timestamp) as started_at
from snapshots
where started_at >= $now::timestamp and started_at < $now::timestamp + interval 1 second
