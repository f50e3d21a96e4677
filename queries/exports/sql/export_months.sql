-- Question: which months does the export cover, and does the store know billed days or
--   workspaces of them that the export lacks, or more cost? (It may be of one resource group alone.)
-- Parameters: $share (by which its billed deployments and cost may fall; null: such months are
--   replaced all the same).
-- Columns: none; makes the temporary table export_months: subscription_id, month, basis, last_day
--   (that the export covers), days_lacking, first_lacking, workspaces_lacking,
--   deployments_lacking (0 where they are no larger share of those known), is_kept (as the store has
--   it).
create or replace temp table export_months as
with
given as (
    select subscription_id, month, basis, max(day) as last_day
    from export_days
    group by subscription_id, month, basis
),
known as (
    select distinct subscription_id, month, basis, day
    from cost_lines
    where kind = 'bill'
),
lacking as (
    select
        known.subscription_id, known.month, known.basis,
        count(*) as days_lacking, min(known.day) as first_lacking
    from known
    anti join export_days as days
        on days.subscription_id = known.subscription_id and days.basis = known.basis
        and days.day = known.day
    group by known.subscription_id, known.month, known.basis
),
billed_workspaces as (
    select subscription_id, month, basis, resource_key
    from cost_lines
    where kind = 'place' and resource_key is not null
    group by subscription_id, month, basis, resource_key
    having sum(cost) <> 0
),
places as (
    select subscription_id, month, basis, count(*) as workspaces_lacking
    from billed_workspaces
    anti join export_lines using (subscription_id, month, basis, resource_key)
    group by subscription_id, month, basis
),
billed_deployments as (
    select subscription_id, month, basis, endpoint, deployment
    from cost_lines
    where kind = 'bill' and endpoint is not null and deployment is not null
    group by subscription_id, month, basis, endpoint, deployment
    having sum(cost) <> 0
),
gone as (
    select
        billed.subscription_id, billed.month, billed.basis, count(*) as known,
        count(*) filter (where lines.endpoint is null) as deployments_lacking
    from billed_deployments as billed
    left join (
        select distinct subscription_id, month, basis, endpoint, deployment from export_lines
    ) as lines
        on lines.subscription_id = billed.subscription_id and lines.month = billed.month
        and lines.basis = billed.basis and lines.endpoint = billed.endpoint
        and lines.deployment = billed.deployment
    group by billed.subscription_id, billed.month, billed.basis
    having deployments_lacking > known * coalesce($share, 1)
)
select
    given.*,
    coalesce(lacking.days_lacking, 0) as days_lacking,
    lacking.first_lacking,
    coalesce(places.workspaces_lacking, 0) as workspaces_lacking,
    coalesce(gone.deployments_lacking, 0) as deployments_lacking,
    $share is not null and (
        lacking.days_lacking is not null
        or places.workspaces_lacking is not null
        or gone.deployments_lacking is not null
        or falls.subscription_id is not null
    ) as is_kept
from given
left join (select distinct subscription_id, month, basis from export_falls) as falls
    on falls.subscription_id = given.subscription_id and falls.month = given.month
    and falls.basis = given.basis
left join lacking
    on lacking.subscription_id = given.subscription_id and lacking.month = given.month
    and lacking.basis = given.basis
left join places
    on places.subscription_id = given.subscription_id and places.month = given.month
    and places.basis = given.basis
left join gone
    on gone.subscription_id = given.subscription_id and gone.month = given.month
    and gone.basis = given.basis
