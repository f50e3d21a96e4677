-- Question: which orders of day and month may the dates of the file be written in?
-- Parameters: none.
-- Columns: forms (the signs that days are written with, but for those written year first),
--   has_fixed (whether a day is written year first), first_form and last_form (a text of the first
--   and of the last way of writing), only_day_first and only_month_first (a text that is a day in
--   that order alone, or null), and of the rows' days in both orders: how many months
--   (day_first_months, month_first_months), from when and through when (day_first_from, …_to).
select
    coalesce(list_sort(list(distinct form) filter (is_row and form is not null)), []) as forms,
    coalesce(bool_or(fixed is not null) filter (is_row), false) as has_fixed,
    min_by(text, coalesce(form, '')) filter (is_row) as first_form,
    max_by(text, coalesce(form, '')) filter (is_row) as last_form,
    min(text) filter (day_first is not null and month_first is null) as only_day_first,
    min(text) filter (month_first is not null and day_first is null) as only_month_first,
    count(distinct date_trunc('month', day_first)) filter (is_row) as day_first_months,
    count(distinct date_trunc('month', month_first)) filter (is_row) as month_first_months,
    min(day_first) filter (is_row) as day_first_from,
    max(day_first) filter (is_row) as day_first_to,
    min(month_first) filter (is_row) as month_first_from,
    max(month_first) filter (is_row) as month_first_to
from export_dates
