-- Question: what days do files have together whose order of day and month was assumed, and what
--   days the other way round?
-- Parameters: $files (their numbers; read month first).
-- Columns: as those of export_orders: day_first_months, month_first_months, and from when and
--   through when in both orders.
select
    count(distinct date_trunc('month', turned)) as day_first_months,
    count(distinct date_trunc('month', day)) as month_first_months,
    min(turned) as day_first_from,
    max(turned) as day_first_to,
    min(day) as month_first_from,
    max(day) as month_first_to
from (
    select day, try_cast(strftime(day, '%Y-%d-%m') as date) as turned
    from export_read
    where list_contains($files, file)
)
