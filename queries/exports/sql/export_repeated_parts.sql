-- Question: which two parts of one run hold the same rows, as where an older run left its part?
-- Parameters: none.
-- Columns: one, other (paths), day (the first that both bill), why (rows). Parts may bill the same
--   day, deployment and meter, but half of their sums on common days are not equal by chance; a
--   single one may be a day cut in two.
with
parts as (
    select run, file, min(path) as path
    from export_runs
    group by run, file
    qualify count(*) over (partition by run) > 1
),
billed as (
    select parts.run, parts.path, files.basis, told.*
    from parts
    join export_read as told on told.file = parts.file
    join export_files as files on files.file = parts.file
    where told.is_bill and told.problem is null
),
days as (
    select run, path, basis, subscription_id, day, count(*) as sums
    from billed
    group by run, path, basis, subscription_id, day
),
common as (
    select
        a.run, a.path as one, b.path as other, min(a.day) as day,
        sum(least(a.sums, b.sums)) as sums
    from days as a
    join days as b
        on b.run = a.run and b.path > a.path and b.basis = a.basis
        and b.subscription_id = a.subscription_id and b.day = a.day
    group by a.run, a.path, b.path
),
equal as (
    select a.run, a.path as one, b.path as other, count(*) as sums
    from billed as a
    join billed as b
        on b.run = a.run and b.path > a.path and b.basis = a.basis
        and b.subscription_id = a.subscription_id and b.day = a.day and b.currency = a.currency
        and b.row_count = a.row_count and b.units = a.units and b.rest = a.rest
        and b.resource_key is not distinct from a.resource_key
        and b.tags is not distinct from a.tags
        and b.meter is not distinct from a.meter
    group by a.run, a.path, b.path
)
select one, other, common.day, 'rows' as why
from common
join equal using (run, one, other)
where equal.sums > 1 and equal.sums * 2 >= common.sums
order by one, other
limit 1
