-- Question: what does the export bill, by tags, by place, and by both where an endpoint's name
--   occurs in two workspaces? Keeps it.
-- Parameters: none.
-- Columns: none; adds to cost_lines.
insert into cost_lines by name
with
loaded as (
    select lines.*
    from export_lines as lines
    semi join (from export_months where not is_kept) as months
        on months.subscription_id = lines.subscription_id and months.month = lines.month
        and months.basis = lines.basis
),
repeated as (
    select subscription_id, month, basis, endpoint
    from loaded
    where endpoint is not null
    group by subscription_id, month, basis, endpoint
    having count(distinct resource_key) > 1
),
of_kinds as (
    select
        'bill' as kind, subscription_id, month, basis, day, null as resource_key,
        endpoint, deployment, currency, meter, unit, sum(quantity) as quantity, sum(cost) as cost
    from loaded
    group by subscription_id, month, basis, day, endpoint, deployment, currency, meter, unit
    union all
    select
        'place', subscription_id, month, basis, day, resource_key,
        endpoint, null, currency, null, null, null, sum(cost)
    from loaded
    group by subscription_id, month, basis, day, resource_key, endpoint, currency
    union all
    select
        'split', subscription_id, month, basis, day, resource_key,
        endpoint, deployment, currency, meter, unit, quantity, cost
    from loaded
    semi join repeated using (subscription_id, month, basis, endpoint)
    where resource_key is not null
)
select *, 'export' as source
from of_kinds
