-- Question: what is a month's bill in the columns of FOCUS?
-- Parameters: $month (its first day), $regions (JSON: the display name of each region by its id).
-- Columns: none; makes focus_all: the columns of FOCUS 1.2 and those that 1.3 added, then our own
--   (x_). ResourceId is what Azure bills, the workspace, and the allocated resource the deployment.
--   BilledCost is the actual cost, EffectiveCost the amortized one, else the same; ContractedCost
--   stands at the billed cost, since the bill does not report it and FOCUS allows no null there.
--   ListCost is the list price of the hours that are known, else null. Of the two costs one is the
--   bill that counts, the other is shared among its lines of one day and name.
create or replace temp table focus_all as
with
counted as (
    select coalesce(max(basis), 'ActualCost') as basis
    from counted_reads
),
reads as (
    select
        subscription_id,
        bool_or(cost_reads.basis = 'ActualCost') as has_actual,
        bool_or(cost_reads.basis = counted.basis) as has_counted,
        bool_or(cost_reads.basis <> counted.basis) as has_other,
        bool_and(source = 'export') as has_meters
    from cost_reads
    cross join counted
    where month = $month
    group by subscription_id
),
chosen as (
    select
        lines.*,
        case when reads.has_meters then lines.meter end as meter_of_both,
        count(*) over same as lines,
        sum(lines.cost) over same as together
    from billed_lines as lines
    join reads on reads.subscription_id = lines.subscription_id
    where lines.month = $month
    window same as (
        partition by
            lines.subscription_id, day, endpoint, deployment, currency,
            case when reads.has_meters then lines.meter end
    )
),
other as (
    select
        lines.subscription_id, day, endpoint, deployment, currency,
        case when reads.has_meters then meter end as meter_of_both,
        sum(cost) as cost,
        case when count(distinct unit) = 1 then sum(quantity) end as quantity,
        case when count(distinct unit) = 1 then any_value(unit) end as unit,
        case when count(distinct meter) = 1 then any_value(meter) end as meter
    from cost_lines as lines
    join reads on reads.subscription_id = lines.subscription_id
    cross join counted
    where month = $month and kind = 'bill' and lines.basis <> counted.basis
    group by all
),
judged as (
    select distinct
        subscription_id, day, resource_key, endpoint, deployment, part, verdict, owner
    from judged_costs
    where month = $month
),
places as (
    select
        subscription_id, endpoint,
        case when count(distinct resource_key) = 1 then any_value(resource_key) end as resource_key
    from cost_lines
    where month = $month and kind = 'place' and endpoint is not null
    group by subscription_id, endpoint
),
joined as (
    select
        coalesce(chosen.subscription_id, other.subscription_id) as subscription_id,
        coalesce(chosen.day, other.day) as day,
        coalesce(chosen.endpoint, other.endpoint) as endpoint,
        coalesce(chosen.deployment, other.deployment) as deployment,
        coalesce(chosen.currency, other.currency) as currency,
        chosen.day is null as is_of_other,
        chosen.resource_key,
        if(is_of_other, other.quantity, chosen.quantity) as quantity,
        if(is_of_other, other.unit, chosen.unit) as unit,
        if(is_of_other, other.meter, chosen.meter) as meter,
        chosen.cost,
        case
            when is_of_other or chosen.lines = 1 then other.cost
            -- A division is a binary fraction, of which twelve decimals are sure.
            when chosen.together = 0
                then (other.cost / chosen.lines)::decimal(38, 12)::decimal(38, 18)
            else (other.cost * (chosen.cost / chosen.together))
                ::decimal(38, 12)::decimal(38, 18)
        end as other_cost
    from chosen
    full join other
        on other.subscription_id = chosen.subscription_id and other.day = chosen.day
        and other.endpoint is not distinct from chosen.endpoint
        and other.deployment is not distinct from chosen.deployment
        and other.currency = chosen.currency
        and other.meter_of_both is not distinct from chosen.meter_of_both
),
-- What one cost alone has is 0 in the other, where that was read.
amounts as (
    select
        joined.* exclude (cost, other_cost, resource_key),
        coalesce(joined.resource_key, places.resource_key) as resource_key,
        case when reads.has_counted then coalesce(joined.cost, 0) else joined.other_cost end
            as counted_cost,
        case when reads.has_other then coalesce(joined.other_cost, 0) else joined.cost end
            as uncounted_cost,
        if(counted.basis = 'ActualCost', counted_cost, uncounted_cost) as billed,
        if(counted.basis = 'ActualCost', uncounted_cost, counted_cost) as effective
    from joined
    join reads on reads.subscription_id = joined.subscription_id and reads.has_actual
    cross join counted
    left join places
        on places.subscription_id = joined.subscription_id and places.endpoint = joined.endpoint
),
present as (
    select deployment_key, created_at
    from current_deployments
),
keyed as (
    select
        *,
        case when endpoint is not null and deployment is not null
            then resource_key || '/onlineendpoints/' || endpoint || '/deployments/' || deployment
        end as deployment_key
    from amounts
),
lines as (
    select
        keyed.*,
        judged.verdict,
        judged.owner,
        case
            when judged.part is not null then judged.part
            when keyed.endpoint is null then 'training and shared'
            when keyed.deployment is null then 'endpoint without deployment'
            when present.deployment_key is not null
                and (present.created_at is null or keyed.day >= present.created_at::date)
                then 'deployment'
            else 'deleted deployment'
        end as line_part
    from keyed
    left join judged
        on judged.subscription_id = keyed.subscription_id and judged.day = keyed.day
        and judged.resource_key is not distinct from keyed.resource_key
        and judged.endpoint is not distinct from keyed.endpoint
        and judged.deployment is not distinct from keyed.deployment
    left join present on present.deployment_key = keyed.deployment_key
),
spelt as (
    select
        deployment_key,
        arg_max(id, snapshot_id) as id,
        arg_max(name, snapshot_id) as name,
        arg_max(region, snapshot_id) as region,
        max(snapshot_id) as snapshot_id
    from deployments
    group by deployment_key
),
tagged as (
    select spelt.deployment_key, json_group_object(tags.name, tags.value)::varchar as tags
    from spelt
    join tags
        on tags.snapshot_id = spelt.snapshot_id and tags.resource_key = spelt.deployment_key
    group by spelt.deployment_key
),
homes as (
    select
        workspace_key,
        arg_max(name, snapshot_id) as name,
        arg_max(region, snapshot_id) as region
    from workspaces
    group by workspace_key
),
named as (
    select lower(subscription_id) as subscription_id, arg_max(name, snapshot_id) as name
    from subscriptions
    group by lower(subscription_id)
),
regions as (
    select key as id, value ->> '$' as name
    from json_each($regions)
),
priced as (
    select
        lines.*,
        spelt.id as spelt_id, spelt.name as spelt_name, homes.name as workspace,
        named.name as subscription_name, tagged.tags as deployment_tags,
        lower(replace(coalesce(spelt.region, homes.region), ' ', '')) as region_id,
        case when line_part = 'deployment' then money.list_price_per_month end
            as list_price_per_month,
        metered.per_hour as list_unit_price,
        -- A line without a meter is all that its deployment cost that day.
        case
            when lines.meter is not null then (metered.per_hour * lines.quantity)
            when count(*) over (partition by lines.deployment_key, lines.day, lines.currency) = 1
                then hourly.per_hour * instances.instance_count * 24
        end::decimal(38, 18) as list_cost
    from lines
    left join spelt on spelt.deployment_key = lines.deployment_key
    left join tagged on tagged.deployment_key = lines.deployment_key
    left join homes on homes.workspace_key = lines.resource_key
    left join named on named.subscription_id = lines.subscription_id
    left join (
        select meter_id, currency, any_value(per_hour) as per_hour
        from list_prices
        where meter_id is not null
        group by meter_id, currency
        having count(distinct per_hour) = 1
    ) as metered
        on lower(metered.meter_id) = lower(lines.meter) and metered.currency = lines.currency
        and lines.unit = 'Hours'
    left join focus_instances as instances
        on instances.deployment_key = lines.deployment_key and instances.day = lines.day
    left join list_prices as hourly
        on hourly.region = instances.region and hourly.instance_type = instances.instance_type
        and hourly.currency = lines.currency
    left join deployment_money as money
        on money.deployment_key = lines.deployment_key and money.currency = lines.currency
)
select
    deployment_tags as AllocatedTags,
    case when deployment_key is not null then '{"Elements": [{"AllocatedRatio": 1}]}' end
        as AllocatedMethodDetails,
    case when deployment_key is not null then 'azureml-deployment-tags' end as AllocatedMethodId,
    coalesce(spelt_id, deployment_key) as AllocatedResourceId,
    case when deployment_key is not null then coalesce(spelt_name, deployment) end
        as AllocatedResourceName,
    null::varchar as AvailabilityZone,
    billed as BilledCost,
    '/subscriptions/' || subscription_id as BillingAccountId,
    subscription_name as BillingAccountName,
    'Subscription' as BillingAccountType,
    currency as BillingCurrency,
    ($month::date + interval 1 month)::timestamp as BillingPeriodEnd,
    $month::timestamp as BillingPeriodStart,
    null::varchar as CapacityReservationId,
    null::varchar as CapacityReservationStatus,
    'Usage' as ChargeCategory,
    null::varchar as ChargeClass,
    case
        when deployment is not null then 'Online deployment ' || endpoint || '/' || deployment
        when endpoint is not null then 'Online endpoint ' || endpoint
        else 'Machine Learning workspace: training and shared'
    end as ChargeDescription,
    'Usage-Based' as ChargeFrequency,
    (day + interval 1 day)::timestamp as ChargePeriodEnd,
    day::timestamp as ChargePeriodStart,
    null::varchar as CommitmentDiscountCategory,
    null::varchar as CommitmentDiscountId,
    null::varchar as CommitmentDiscountName,
    null::decimal(38, 18) as CommitmentDiscountQuantity,
    null::varchar as CommitmentDiscountStatus,
    null::varchar as CommitmentDiscountType,
    null::varchar as CommitmentDiscountUnit,
    quantity as ConsumedQuantity,
    unit as ConsumedUnit,
    null::varchar as ContractApplied,
    billed as ContractedCost,
    null::decimal(38, 18) as ContractedUnitPrice,
    effective as EffectiveCost,
    'Microsoft' as HostProviderName,
    null::varchar as InvoiceId,
    'Microsoft' as InvoiceIssuerName,
    list_cost as ListCost,
    list_unit_price as ListUnitPrice,
    null::varchar as PricingCategory,
    currency as PricingCurrency,
    null::decimal(38, 18) as PricingCurrencyContractedUnitPrice,
    effective as PricingCurrencyEffectiveCost,
    list_unit_price as PricingCurrencyListUnitPrice,
    quantity as PricingQuantity,
    unit as PricingUnit,
    'Microsoft' as ProviderName,
    'Microsoft' as PublisherName,
    region_id as RegionId,
    coalesce(regions.name, region_id) as RegionName,
    resource_key as ResourceId,
    case when resource_key is not null
        then coalesce(workspace, split_part(resource_key, '/', -1))
    end as ResourceName,
    case when resource_key is not null then 'microsoft.machinelearningservices/workspaces' end
        as ResourceType,
    'AI and Machine Learning' as ServiceCategory,
    'Azure Machine Learning' as ServiceName,
    'Microsoft' as ServiceProviderName,
    'Machine Learning' as ServiceSubcategory,
    null::varchar as SkuId,
    null::varchar as SkuMeter,
    null::varchar as SkuPriceDetails,
    null::varchar as SkuPriceId,
    '/subscriptions/' || subscription_id as SubAccountId,
    subscription_name as SubAccountName,
    'Subscription' as SubAccountType,
    case when endpoint is not null then json_merge_patch(
        json_object('azuremlendpoint', endpoint),
        json_object('azuremldeployment', deployment)
    )::varchar end as Tags,
    line_part as x_Part,
    verdict as x_Verdict,
    owner as x_Owner,
    resource_key as x_WorkspaceId,
    meter as x_MeterId,
    list_price_per_month as x_ListPricePerMonth
from priced
left join regions on regions.id = region_id
order by day, subscription_id, endpoint, deployment, resource_key, meter
