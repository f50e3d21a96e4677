-- List price per hour and instance, as the settings bend it.
create view hourly_prices as
with
discounts as (
    select coalesce(max(discount), 0)::decimal(18, 9) as share
    from price_rules
    where instance_type is null
)
select
    list.region,
    list.instance_type,
    list.currency,
    coalesce(
        own.per_hour, (list.per_hour::decimal(38, 12) * (1 - discounts.share))::decimal(38, 18)
    ) as per_hour,
    list.read_at,
    case
        when own.per_hour is not null then 'the settings'
        when list.per_hour is not null and discounts.share > 0
            then 'Azure retail prices less ' || format('{:g}', discounts.share::double * 100) || ' %'
        when list.per_hour is not null then 'Azure retail prices'
    end as source
from list_prices as list
cross join discounts
left join price_rules as own on own.instance_type = list.instance_type;
