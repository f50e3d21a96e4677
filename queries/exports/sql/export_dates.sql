-- Question: what days may each text of a date in the file mean?
-- Parameters: none.
-- Columns: none; makes export_dates from export_roles: text, is_row (of a row's own day, not only of
--   its billing period), form (the sign between day, month and year; null: written year first),
--   fixed (the day, where it can be but one), day_first, month_first, year_first (null: no day).
create or replace temp table export_dates as
with
given as (
    select distinct day_text, period_start, period_end
    from export_roles
),
texts as (
    select text, bool_or(is_row) as is_row
    from (
        select day_text as text, true as is_row from given
        union all
        select period_start, false from given
        union all
        select period_end, false from given
    )
    where text is not null
    group by text
),
parts as (
    select
        *,
        regexp_extract(
            text, '^(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})(?:\D.*)?$', ['a', 'form', 'b', 'c']
        ) as part
    from texts
),
named as (
    select
        text, is_row, nullif(part.form, '') as form, part.a as a, part.b as b, part.c as c,
        if(length(c) = 2, '20' || c, c) as year
    from parts
)
select
    text,
    is_row,
    form,
    case
        when form is not null then null
        when length(text) = 8 then try_strptime(text, '%Y%m%d')::date
        else try_cast(replace(left(split_part(text, ' ', 1), 10), '/', '-') as date)
    end as fixed,
    try_cast(year || '-' || b || '-' || a as date) as day_first,
    try_cast(year || '-' || a || '-' || b as date) as month_first,
    if(length(c) = 2, try_cast('20' || a || '-' || b || '-' || c as date), null) as year_first
from named
