-- Question: what is a month's bill in the columns of FOCUS 1.2?
-- Parameters: $month (its first day).
-- Columns: those of FOCUS 1.2, then our own (x_). BilledCost is the actual cost of a day;
--   EffectiveCost the amortized one where the store has it, else the same; ListCost and
--   ContractedCost stand at the billed cost, since the bill does not report them and FOCUS allows no
--   null there. An estimate by the price list is in x_ListPricePerMonth alone. What the query API
--   does not report (meters, quantities, the billing account's own id) is null, or the subscription.
with
chosen as (
    select
        *,
        count(*) over same_name as lines,
        sum(cost) over same_name as together
    from judged_costs
    where month = $month and basis = 'ActualCost'
    window same_name as (
        partition by subscription_id, day, endpoint, deployment, currency
    )
),
amortized as (
    select subscription_id, day, endpoint, deployment, currency, sum(cost) as cost
    from cost_lines
    where month = $month and basis = 'AmortizedCost' and kind = 'bill'
    group by all
),
spelt as (
    select
        deployment_key,
        arg_max(id, snapshot_id) as id,
        arg_max(name, snapshot_id) as name,
        arg_max(region, snapshot_id) as region
    from deployments
    group by deployment_key
),
homes as (
    select
        workspace_key,
        arg_max(id, snapshot_id) as id,
        arg_max(name, snapshot_id) as name,
        arg_max(region, snapshot_id) as region
    from workspaces
    group by workspace_key
),
named as (
    select lower(subscription_id) as subscription_id, arg_max(name, snapshot_id) as name
    from subscriptions
    group by lower(subscription_id)
)
select
    null::varchar as AvailabilityZone,
    chosen.cost as BilledCost,
    '/subscriptions/' || chosen.subscription_id as BillingAccountId,
    named.name as BillingAccountName,
    'Subscription' as BillingAccountType,
    chosen.currency as BillingCurrency,
    ($month::date + interval 1 month)::timestamp as BillingPeriodEnd,
    $month::timestamp as BillingPeriodStart,
    null::varchar as CapacityReservationId,
    null::varchar as CapacityReservationStatus,
    'Usage' as ChargeCategory,
    null::varchar as ChargeClass,
    case
        when chosen.deployment is not null
            then 'Online deployment ' || chosen.endpoint || '/' || chosen.deployment
        when chosen.endpoint is not null then 'Online endpoint ' || chosen.endpoint
        else 'Machine Learning workspace: training and shared'
    end as ChargeDescription,
    'Usage-Based' as ChargeFrequency,
    (chosen.day + interval 1 day)::timestamp as ChargePeriodEnd,
    chosen.day::timestamp as ChargePeriodStart,
    null::varchar as CommitmentDiscountCategory,
    null::varchar as CommitmentDiscountId,
    null::varchar as CommitmentDiscountName,
    null::decimal(38, 18) as CommitmentDiscountQuantity,
    null::varchar as CommitmentDiscountStatus,
    null::varchar as CommitmentDiscountType,
    null::varchar as CommitmentDiscountUnit,
    null::decimal(38, 18) as ConsumedQuantity,
    null::varchar as ConsumedUnit,
    chosen.cost as ContractedCost,
    null::decimal(38, 18) as ContractedUnitPrice,
    case
        when amortized.cost is null then chosen.cost
        when chosen.lines = 1 then amortized.cost
        -- Several lines of one day and name share the amortized cost by what was billed; a division
        -- is a binary fraction, of which twelve decimals are sure.
        when chosen.together = 0 then (amortized.cost / chosen.lines)::decimal(38, 12)::decimal(38, 18)
        else (amortized.cost * (chosen.cost / chosen.together))
            ::decimal(38, 12)::decimal(38, 18)
    end as EffectiveCost,
    null::varchar as InvoiceId,
    'Microsoft' as InvoiceIssuerName,
    chosen.cost as ListCost,
    null::decimal(38, 18) as ListUnitPrice,
    null::varchar as PricingCategory,
    null::varchar as PricingCurrency,
    null::decimal(38, 18) as PricingCurrencyContractedUnitPrice,
    null::decimal(38, 18) as PricingCurrencyEffectiveCost,
    null::decimal(38, 18) as PricingCurrencyListUnitPrice,
    null::decimal(38, 18) as PricingQuantity,
    null::varchar as PricingUnit,
    'Microsoft' as ProviderName,
    'Microsoft' as PublisherName,
    coalesce(spelt.region, homes.region) as RegionId,
    coalesce(spelt.region, homes.region) as RegionName,
    coalesce(spelt.id, chosen.deployment_key, homes.id, chosen.resource_key) as ResourceId,
    coalesce(spelt.name, chosen.deployment, homes.name) as ResourceName,
    case when coalesce(spelt.id, chosen.deployment_key) is not null
        then 'microsoft.machinelearningservices/workspaces/onlineendpoints/deployments'
        when chosen.resource_key is not null then 'microsoft.machinelearningservices/workspaces'
    end as ResourceType,
    'AI and Machine Learning' as ServiceCategory,
    'Azure Machine Learning' as ServiceName,
    'Machine Learning' as ServiceSubcategory,
    null::varchar as SkuId,
    null::varchar as SkuMeter,
    null::varchar as SkuPriceDetails,
    null::varchar as SkuPriceId,
    '/subscriptions/' || chosen.subscription_id as SubAccountId,
    named.name as SubAccountName,
    'Subscription' as SubAccountType,
    case when chosen.endpoint is not null then json_merge_patch(
        json_object('azuremlendpoint', chosen.endpoint),
        json_object('azuremldeployment', chosen.deployment)
    )::varchar end as Tags,
    chosen.part as x_Part,
    chosen.verdict as x_Verdict,
    chosen.owner as x_Owner,
    chosen.resource_key as x_WorkspaceId,
    case when chosen.part = 'deployment' then money.list_price_per_month end
        as x_ListPricePerMonth
from chosen
left join amortized
    on amortized.subscription_id = chosen.subscription_id and amortized.day = chosen.day
    and amortized.endpoint is not distinct from chosen.endpoint
    and amortized.deployment is not distinct from chosen.deployment
    and amortized.currency = chosen.currency
left join spelt on spelt.deployment_key = chosen.deployment_key
left join homes on homes.workspace_key = chosen.resource_key
left join named on named.subscription_id = chosen.subscription_id
left join deployment_money as money
    on money.deployment_key = chosen.deployment_key and money.currency = chosen.currency
order by chosen.day, chosen.subscription_id, chosen.endpoint, chosen.deployment, chosen.resource_key
