-- Question: what does one file bill, by subscription, day, workspace, tags, meter and currency?
-- Parameters: $file (its number), $effective (FOCUS: EffectiveCost in place of BilledCost).
-- Columns: none; adds to export_read from export_raw.
insert into export_read by name
with
-- Every column that some layout has, so that a layout may lack it.
declared as (
    select
        null::varchar as chargeperiodstart, null::varchar as usagedatetime,
        null::varchar as usagedate, null::varchar as "date",
        null::varchar as billedcost, null::varchar as effectivecost,
        null::varchar as costinbillingcurrency, null::varchar as pretaxcost,
        null::varchar as cost,
        null::varchar as billingcurrency, null::varchar as billingcurrencycode,
        null::varchar as currency,
        null::varchar as subaccountid, null::varchar as subscriptionid,
        null::varchar as subscriptionguid,
        null::varchar as resourceid, null::varchar as instanceid, null::varchar as instancename,
        null::varchar as x_resourcetype, null::varchar as resourcetype,
        null::varchar as chargetype, null::varchar as pricingmodel, null::varchar as quantity,
        null::varchar as meterid, null::varchar as x_skumeterid, null::varchar as skumeter,
        null::varchar as metername, null::varchar as metercategory,
        null::varchar as tags
    where false
),
named as (
    select * from declared
    union all by name
    select * from export_raw
),
-- Absent is an empty text or the text NULL.
plain as (
    select nullif(nullif(columns(*), ''), 'NULL') as "\0"
    from named
),
roles as (
    select
        coalesce(chargeperiodstart, "date", usagedatetime, usagedate) as day_text,
        coalesce(
            case when $effective then effectivecost else billedcost end,
            costinbillingcurrency, cost, pretaxcost
        ) as cost_text,
        upper(coalesce(billingcurrency, billingcurrencycode, currency)) as currency,
        lower(coalesce(resourceid, instanceid, instancename)) as resource_text,
        lower(coalesce(subaccountid, subscriptionid, subscriptionguid)) as subscription_text,
        lower(x_resourcetype) as own_type,
        lower(resourcetype) as type,
        lower(chargetype) as charge,
        replace(lower(pricingmodel), ' ', '') in ('reservation', 'savingsplan') as is_committed,
        quantity,
        case when contains(lower(tags), 'azuremlendpoint')
            or contains(lower(tags), 'azuremldeployment')
            then tags
        end as tags,
        coalesce(meterid, x_skumeterid, skumeter, metername, metercategory) as meter,
        case
            when meterid is not null then 1
            when x_skumeterid is not null then 2
            when skumeter is not null then 3
            when metername is not null then 4
            when metercategory is not null then 5
        end as meter_kind
    from plain
),
-- Digits alone are read ten times as fast as decimals; what has an exponent becomes digits first.
digits as (
    select
        *,
        case
            when regexp_full_match(cost_text, '-?[0-9]{1,17}(\.[0-9]{1,28})?') then cost_text
            else coalesce(
                try_cast(cost_text as decimal(38, 28))::varchar,
                try_cast(cost_text as decimal(38, 18))::varchar
            )
        end as amount,
        case when starts_with(resource_text, '/') then resource_text else '/' || resource_text end
            as resource_id,
        case
            when contains(day_text, '/')
                then try_strptime(split_part(day_text, ' ', 1), '%m/%d/%Y')::date
            when length(day_text) = 8 then try_strptime(day_text, '%Y%m%d')::date
            else try_cast(left(day_text, 10) as date)
        end as day
    from roles
),
typed as (
    select
        *,
        (split_part(amount, '.', 1) || left(split_part(amount, '.', 2) || repeat('0', 18), 18))
            ::hugeint as units,
        case when length(split_part(amount, '.', 2)) > 18
            then (
                if(starts_with(amount, '-'), '-', '')
                || left(substr(split_part(amount, '.', 2), 19) || repeat('0', 10), 10)
            )::hugeint
            else 0
        end as rest,
        case
            when starts_with(subscription_text, '/subscriptions/')
                then nullif(split_part(subscription_text, '/', 3), '')
            when subscription_text is not null then subscription_text
            when starts_with(resource_id, '/subscriptions/')
                then nullif(split_part(resource_id, '/', 3), '')
        end as subscription_id,
        case
            when contains(
                resource_id, '/providers/microsoft.machinelearningservices/workspaces/'
            )
            then regexp_extract(
                resource_id,
                '^/subscriptions/[^/]+/resourcegroups/[^/]+'
                    || '/providers/microsoft\.machinelearningservices/workspaces/[^/]+'
            )
        end as place
    from digits
),
given as (
    select
        *,
        nullif(place, '') as workspace,
        coalesce(own_type = 'microsoft.machinelearningservices/workspaces', false)
            or coalesce(type = 'microsoft.machinelearningservices/workspaces', false)
            or coalesce(length(rtrim(resource_id, '/')) = length(place), false)
            as is_bill
    from typed
),
judged as (
    select
        *,
        is_bill or tags is not null as counts,
        case
            when not is_bill and tags is null then null
            when day is null then 'no date that can be read'
            when units is null then 'no cost that can be read'
            when currency is null then 'no currency'
            when subscription_id is null then 'no subscription'
        end as problem,
        starts_with(charge, 'unused') or (charge = 'usage' and is_committed and units <> 0)
            as is_amortized,
        (charge = 'purchase' and is_committed and units <> 0)
            or (charge = 'usage' and is_committed and units = 0
                and try_cast(quantity as double) <> 0) as is_actual
    from given
)
select
    $file as file,
    subscription_id,
    day,
    is_bill,
    problem,
    case when is_bill then workspace end as resource_key,
    tags,
    case when counts then currency end as currency,
    case when counts then hash(lower(meter)) end as meter,
    case when counts then meter_kind end as meter_kind,
    count(*) as row_count,
    sum(units) filter (counts) as units,
    sum(rest) filter (counts) as rest,
    count(*) filter (is_amortized) as rows_amortized,
    count(*) filter (is_actual) as rows_actual
from judged
group by all
