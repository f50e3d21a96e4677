-- Question: what was frozen last as the review of a quarter?
-- Parameters: $quarter (its name).
-- Columns: frozen_at (UTC); facts (JSON).
select frozen_at, facts
from reviews
where quarter = $quarter
order by frozen_at desc
limit 1
