-- Question: what did deletions save so far in the quarter of the fiscal year that has a day?
-- Parameters: $day, a date.
-- Columns: quarter (2026-Q4), currency, saved; the largest first, no row where nothing was saved.
with
begins as (
    select coalesce(max(fiscal_year_start), 1) as month
    from money_rules
),
asked as (
    select year($day::date) * 12 + month($day::date) - begins.month as months
    from begins
)
select savings.quarter, savings.currency, savings.saved
from savings_by_quarter as savings
join asked
    on savings.quarter
        = (asked.months // 12)::varchar || '-Q' || ((asked.months % 12) // 3 + 1)::varchar
where savings.saved > 0
order by savings.saved desc, savings.currency
