-- Question: which runs bill a month alike, in all that tells rows apart?
-- Parameters: none.
-- Columns: none; makes export_same_months (run, other: the later of two that are equal, basis,
--   subscription_id, month).
create or replace temp table export_same_months as
with
prints as (
    select
        run, layout, basis, subscription_id, month, count(*) as sums,
        sum(hash(
            day, is_bill, problem, resource_key, endpoint, deployment, meter, meter_kind, currency,
            row_count, units, rest
        )) as print
    from export_run_sums
    group by run, layout, basis, subscription_id, month
)
select a.run, b.run as other, a.basis, a.subscription_id, a.month
from prints as a
join prints as b using (layout, basis, subscription_id, month, sums, print)
where b.run > a.run
