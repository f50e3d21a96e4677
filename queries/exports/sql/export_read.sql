-- Question: what does one file bill, by subscription, day, workspace, tags, meter and currency?
-- Parameters: $file (its number), $effective (FOCUS: EffectiveCost in place of BilledCost), $dates
--   (the order in which it writes dates: dmy, mdy, ymd or null), $commas (whether its numbers have
--   decimal commas).
-- Columns: none; adds to export_read from export_roles and export_dates.
insert into export_read by name
with
written as (
    select
        *,
        if($commas, replace(given_cost, ',', '.'), given_cost) as cost_text,
        if($commas, replace(quantity, ',', '.'), quantity) as quantity_text,
        if($commas, replace(counted_text, ',', '.'), counted_text) as counted
    from (
        select *, case when $effective then effective_text else billed_text end as given_cost
        from export_roles
    )
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
        case $dates
            when 'dmy' then coalesce(fixed, day_first)
            when 'mdy' then coalesce(fixed, month_first)
            when 'ymd' then coalesce(fixed, year_first)
            else fixed
        end as day
    from written
    left join export_dates as dates on dates.text = written.day_text
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
            when is_elsewhere then null
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
        -- '10 Hours' is how many the price is of; the quantity counts single ones.
        regexp_replace(regexp_replace(unit_text, '^[0-9]+ +', ''), '^Hour$', 'Hours') as unit,
        not is_elsewhere and (
            coalesce(own_type = 'microsoft.machinelearningservices/workspaces', false)
                or coalesce(type = 'microsoft.machinelearningservices/workspaces', false)
                or coalesce(length(rtrim(resource_id, '/')) = length(place), false)
        ) as is_bill
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
                and try_cast(quantity_text as double) <> 0) as is_actual
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
    case when counts then unit end as unit,
    min(meter) filter (counts) as meter_name,
    sum(try_cast(counted as decimal(38, 18))) filter (counts and unit is not null) as quantity,
    count(*) as row_count,
    sum(units) filter (counts) as units,
    sum(rest) filter (counts) as rest,
    count(*) filter (is_amortized) as rows_amortized,
    count(*) filter (is_actual) as rows_actual
from judged
group by all
