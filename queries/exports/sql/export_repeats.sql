-- Question: which two runs bill one day, workspace, endpoint, deployment and meter?
-- Parameters: none.
-- Columns: one, other (paths), day (the first), why: rows (at one cost), costs (at another). Rows
--   without a meter, or with one of another column, may be of any.
with
by_meter as (
    select
        basis, subscription_id, day, resource_key, endpoint, deployment, meter, meter_kind,
        arg_min({run: run, path: path, cost: (units, rest, currency)}, run) as first,
        arg_max({run: run, path: path, cost: (units, rest, currency)}, run) as last
    from export_run_sums
    where is_bill and problem is null
    group by all
),
by_any as (
    select day, arg_min(first, first.run) as first, arg_max(last, last.run) as last
    from by_meter
    group by basis, subscription_id, day, resource_key, endpoint, deployment
    having bool_or(meter is null) or min(meter_kind) <> max(meter_kind)
),
repeats as (
    select day, first, last from by_meter
    union all
    select day, first, last from by_any
)
select first.path as one, last.path as other, day, if(first.cost = last.cost, 'rows', 'costs') as why
from repeats
where first.run <> last.run
order by day, why desc, one, other
limit 1
