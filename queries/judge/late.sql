-- Question: what was read of the days that are not counted again, since they were counted?
-- Parameters: $deployment_key (one alone is counted from its first day: nothing; null: all).
-- Columns: resource; day (the first that it speaks of); read_at (UTC).
with
counted as (
    select min(read_until) as read_until, max(before) as before
    from judged_before
)
select v.resource, v.starts_at::date as day, v.read_at
from metric_values as v
cross join counted
where $deployment_key::varchar is null
    and v.read_at >= counted.read_until
    and v.starts_at < counted.before
union all
select answers.resource, answers.first_day as day, answers.read_at
from answers
cross join counted
where $deployment_key::varchar is null
    and answers.read_at >= counted.read_until
    and answers.first_day < counted.before
