-- Question: which two files bill the same thing twice?
-- Parameters: none.
-- Columns: one, other (numbers of files), day (the first that both bill), same_layout. Files of one
--   layout repeat each other where at least half of what one bills on their common days stands in
--   the other row for row; files of two layouts where they bill one day of one subscription.
with
billed as (
    select told.*, files.layout, files.basis
    from export_told as told
    join export_files as files on files.file = told.file
    where told.is_bill and told.problem is null
),
days as (
    select file, layout, basis, subscription_id, day, count(*) as sums
    from billed
    group by file, layout, basis, subscription_id, day
),
common as (
    select
        a.file as one, b.file as other, a.layout = b.layout as same_layout,
        min(a.day) as day, sum(least(a.sums, b.sums)) as sums
    from days as a
    join days as b
        on b.subscription_id = a.subscription_id and b.day = a.day and b.basis = a.basis
        and b.file > a.file
    group by a.file, b.file, a.layout = b.layout
),
equal as (
    select a.file as one, b.file as other, count(*) as sums
    from billed as a
    join billed as b
        on b.fingerprint = a.fingerprint and b.row_count = a.row_count
        and b.subscription_id = a.subscription_id and b.day = a.day and b.basis = a.basis
        and b.resource_key is not distinct from a.resource_key
        and b.tags is not distinct from a.tags
        and b.file > a.file
    group by a.file, b.file
)
select common.one, common.other, common.day, common.same_layout
from common
left join equal on equal.one = common.one and equal.other = common.other
where not common.same_layout or coalesce(equal.sums, 0) * 2 >= common.sums
order by common.one, common.other
