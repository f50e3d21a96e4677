-- Question: what do the files bill by day, workspace, endpoint, deployment and currency?
-- Parameters: none.
-- Columns: none; makes export_lines: subscription_id, month, basis, day, resource_key, endpoint,
--   deployment, currency, meter, unit, quantity, cost (18 decimals), row_count. What lies beyond the 18th decimal is
--   carried from line to line, so that the lines of a month sum up to its bill.
create or replace temp table export_lines as
with
sums as (
    select
        given.subscription_id,
        date_trunc('month', given.day)::date as month,
        files.basis,
        given.day,
        given.resource_key,
        tags.endpoint,
        tags.deployment,
        given.currency,
        given.unit,
        case when given.unit is not null then given.meter end as meter_hash,
        min(given.meter_name) filter (given.unit is not null) as meter,
        sum(given.quantity) as quantity,
        sum(given.units) as units,
        sum(given.rest) as rest,
        sum(given.row_count)::bigint as row_count
    from export_read as given
    join export_files as files on files.file = given.file
    left join export_tags as tags on tags.tags = given.tags
    where given.is_bill and given.problem is null
    group by all
),
-- Few bills go beyond the 18th decimal, and a window over all their lines takes long.
running as (
    select
        *,
        sum(rest) over (
            partition by subscription_id, month, basis, currency
            order by day, resource_key, endpoint, deployment, meter_hash, unit
            rows between unbounded preceding and current row
        ) as rest_so_far
    from sums
    where rest <> 0
    union all
    select *, rest as rest_so_far
    from sums
    where rest = 0
),
carried as (
    select
        *,
        sign(rest_so_far) * ((abs(rest_so_far) + 5000000000) // 10000000000) as carry,
        sign(rest_so_far - rest)
            * ((abs(rest_so_far - rest) + 5000000000) // 10000000000) as carry_before
    from running
),
whole as (
    select * exclude (units), units + carry - carry_before as units
    from carried
)
select
    subscription_id, month, basis, day, resource_key, endpoint, deployment, currency, row_count,
    meter, unit, quantity::decimal(38, 18) as quantity,
    (
        (units // 1000000000000000000)::decimal(38, 18)
        + (units % 1000000000000000000)::decimal(18, 0)
            * 0.000000000000000001::decimal(18, 18)
    )::decimal(38, 18) as cost
from whole
