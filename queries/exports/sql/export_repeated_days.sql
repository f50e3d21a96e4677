-- Question: which two runs bill one day of one subscription, as their names or layouts tell?
-- Parameters: none.
-- Columns: one, other (paths), day (the first), why: layouts (in two layouts), runs (two runs of one
--   export in one period).
with
days as (
    select run, export, layout, basis, subscription_id, day, min(path) as path
    from export_run_sums
    where is_bill and problem is null
    group by run, export, layout, basis, subscription_id, day
),
repeats as (
    select
        arg_min(path, layout) as one, arg_max(path, layout) as other, day, 'layouts' as why
    from days
    group by basis, subscription_id, day
    having min(layout) <> max(layout)
    union all
    select arg_min(path, run), arg_max(path, run), day, 'runs'
    from days
    group by basis, subscription_id, day, export
    having min(run) <> max(run)
)
from repeats
order by day, one, other
limit 1
