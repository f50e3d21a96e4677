-- Question: what does each row of a file say, whatever its layout calls it?
-- Parameters: none.
-- Columns: none; makes the temporary view export_roles over export_raw, a column per role, as text.
--   is_elsewhere: the row is of another cloud than Azure, which provider names.
create or replace temp view export_roles as
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
        null::varchar as unitofmeasure,
        null::varchar as consumedquantity, null::varchar as consumedunit,
        null::varchar as pricingquantity, null::varchar as pricingunit,
        null::varchar as meterid, null::varchar as x_skumeterid, null::varchar as skumeter,
        null::varchar as metername, null::varchar as metercategory,
        null::varchar as billingperiodstartdate, null::varchar as billingperiodenddate,
        null::varchar as providername, null::varchar as hostprovidername,
        null::varchar as serviceprovidername, null::varchar as publishername,
        null::varchar as invoiceissuername,
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
)
select
    trim(coalesce(chargeperiodstart, "date", usagedatetime, usagedate)) as day_text,
    trim(billingperiodstartdate) as period_start,
    trim(billingperiodenddate) as period_end,
    coalesce(billedcost, costinbillingcurrency, cost, pretaxcost) as billed_text,
    coalesce(effectivecost, costinbillingcurrency, cost, pretaxcost) as effective_text,
    upper(coalesce(billingcurrency, billingcurrencycode, currency)) as currency,
    lower(coalesce(resourceid, instanceid, instancename)) as resource_text,
    lower(coalesce(subaccountid, subscriptionid, subscriptionguid)) as subscription_text,
    -- Who sold it, in FOCUS; in the other layouts a publisher is one in the marketplace of Azure.
    case when chargeperiodstart is not null then coalesce(
        providername, hostprovidername, serviceprovidername, publishername, invoiceissuername
    ) end as provider,
    coalesce(not regexp_matches(provider, 'microsoft|azure', 'i'), false) as is_elsewhere,
    lower(x_resourcetype) as own_type,
    lower(resourcetype) as type,
    lower(chargetype) as charge,
    replace(lower(pricingmodel), ' ', '') in ('reservation', 'savingsplan') as is_committed,
    quantity,
    coalesce(consumedquantity, pricingquantity, quantity) as counted_text,
    case
        when consumedquantity is not null then consumedunit
        when pricingquantity is not null then pricingunit
        else unitofmeasure
    end as unit_text,
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
