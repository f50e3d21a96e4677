-- Question: which collection is judged, and by which settings?
-- Parameters: $snapshot_id.
-- Columns: as_of (UTC); known_until (UTC: what was read later, it did not know); today (UTC date);
--   window_days, window_first_day, minimum_age_days,
--   rollbacks_kept, grain_minutes (1440 daily, 60 hourly), spare_buckets (how many buckets of a
--   day may lack a sign of life).
select
    snapshot_id,
    kind,
    started_at as as_of,
    coalesce(finished_at, 'infinity'::timestamp) as known_until,
    started_at::date as today,
    window_days,
    started_at::date - window_days as window_first_day,
    minimum_age_days,
    rollbacks_kept,
    grain_minutes,
    case grain_minutes when 60 then 1 else 0 end as spare_buckets
from snapshots
where snapshot_id = $snapshot_id
