-- Question: which rows of the files are no line of the bill, and why?
-- Parameters: none.
-- Columns: subscription_id, month and basis (null: not distinguished), outcome (skipped, outside),
--   reason, row_count, cost and currency (null: not known).
with
reasons as (
    select
        given.*,
        files.basis,
        date_trunc('month', given.day)::date as month,
        case
            when not is_bill and endpoint is not null then 'outside'
            when not is_bill then 'other'
            when problem is not null then 'skipped'
        end as outcome
    from export_read as given
    join export_files as files on files.file = given.file
    left join export_tags as tags on tags.tags = given.tags
)
select
    subscription_id, month, basis, outcome,
    coalesce(problem, 'tagged with an endpoint, but not of a workspace') as reason,
    sum(row_count)::bigint as row_count,
    case when currency is not null then (
        (sum(units) // 1000000000000000000)::decimal(38, 18)
        + (sum(units) % 1000000000000000000)::decimal(18, 0)
            * 0.000000000000000001::decimal(18, 18)
    )::decimal(38, 18) end as cost,
    currency
from reasons
where outcome in ('outside', 'skipped')
group by subscription_id, month, basis, outcome, problem, currency
union all
select null, null, null, 'skipped', 'not of a workspace', sum(row_count)::bigint, null, null
from reasons
where outcome = 'other'
having sum(row_count) > 0
order by all
