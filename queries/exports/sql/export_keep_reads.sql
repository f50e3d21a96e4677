-- Question: which months were read from the export, from what, and through which day? Notes it.
-- Parameters: $now (UTC), $origins (JSON array of [subscription_id, month, basis, origin]).
-- Columns: none; adds to cost_reads.
insert into cost_reads by name
with
origins as (
    select one ->> 0 as subscription_id, (one ->> 1)::date as month, one ->> 2 as basis,
        one ->> 3 as origin
    from (select unnest(from_json($origins, '["json"]')) as one)
)
select
    months.subscription_id,
    months.month,
    months.basis,
    'export' as source,
    origins.origin,
    months.last_day,
    0 as queries,
    $now::timestamp as read_at
from export_months as months
left join origins
    on origins.subscription_id = months.subscription_id and origins.month = months.month
    and origins.basis = months.basis
where not months.is_kept
