-- Question: which cost of a month that the export covers is well below what the store knows?
-- Parameters: $share (of the known cost; what falls by more of it counts).
-- Columns: none; makes the temporary table export_falls: subscription_id, month, basis, currency,
--   on_deployments (only rows with the tags of an endpoint; told where the whole did not fall),
--   known_cost, export_cost.
create or replace temp table export_falls as
with
known as (
    select
        subscription_id, month, basis, currency, sum(cost) as whole,
        coalesce(sum(cost) filter (endpoint is not null), 0) as tagged
    from cost_lines
    where kind = 'bill'
    group by subscription_id, month, basis, currency
),
exported as (
    select
        subscription_id, month, basis, currency, sum(cost) as whole,
        coalesce(sum(cost) filter (endpoint is not null), 0) as tagged
    from export_lines
    group by subscription_id, month, basis, currency
),
compared as (
    select
        known.*, coalesce(exported.whole, 0) as new_whole, coalesce(exported.tagged, 0) as new_tagged,
        known.whole - new_whole > abs(known.whole) * $share as whole_fell,
        known.tagged - new_tagged > abs(known.tagged) * $share as tagged_fell
    from known
    semi join export_days as days
        on days.subscription_id = known.subscription_id and days.month = known.month
        and days.basis = known.basis
    left join exported
        on exported.subscription_id = known.subscription_id and exported.month = known.month
        and exported.basis = known.basis and exported.currency = known.currency
)
select
    subscription_id, month, basis, currency, not whole_fell as on_deployments,
    if(whole_fell, whole, tagged) as known_cost, if(whole_fell, new_whole, new_tagged) as export_cost
from compared
where whole_fell or tagged_fell
