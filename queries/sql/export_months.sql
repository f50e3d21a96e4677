-- Question: which months does the export tell of, and does the store know billed days of them
--   that the export lacks?
-- Parameters: $replace (whether such months are replaced all the same).
-- Columns: none; makes the temporary table export_months: subscription_id, month, basis, last_day
--   (that the export tells of), days_lacking, first_lacking, is_known, is_kept (as the store has
--   it).
create or replace temp table export_months as
with
told as (
    select subscription_id, month, basis, max(day) as last_day
    from export_days
    group by subscription_id, month, basis
),
known as (
    select distinct subscription_id, month, basis, day
    from cost_lines
    where kind = 'bill'
),
reads as (
    select distinct subscription_id, month, basis
    from cost_reads
),
lacking as (
    select
        known.subscription_id, known.month, known.basis,
        count(*) as days_lacking, min(known.day) as first_lacking
    from known
    anti join export_days as days
        on days.subscription_id = known.subscription_id and days.basis = known.basis
        and days.day = known.day
    group by known.subscription_id, known.month, known.basis
)
select
    told.*,
    coalesce(lacking.days_lacking, 0) as days_lacking,
    lacking.first_lacking,
    reads.month is not null as is_known,
    not $replace and coalesce(lacking.days_lacking, 0) > 0 as is_kept
from told
left join lacking
    on lacking.subscription_id = told.subscription_id and lacking.month = told.month
    and lacking.basis = told.basis
left join reads
    on reads.subscription_id = told.subscription_id and reads.month = told.month
    and reads.basis = told.basis
