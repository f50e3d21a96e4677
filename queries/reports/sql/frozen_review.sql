-- Question: what was frozen last as the review of a quarter?
-- Parameters: $quarter (its name), $first_day (as ISO 8601: a fiscal year that begins in another
--   month gives the name to other days).
-- Columns: frozen_at (UTC); facts (JSON).
select frozen_at, facts
from reviews
where quarter = $quarter and (facts ->> '$.first_day') = $first_day
order by frozen_at desc
limit 1
