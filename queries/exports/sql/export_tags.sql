-- Question: which endpoint and deployment does each text of tags name?
-- Parameters: none.
-- Columns: none; makes export_tags: tags (the text), endpoint and deployment (lower case, null:
--   untagged), is_readable.
create or replace temp table export_tags as
with
texts as (
    select
        tags,
        case
            when tags like '{%' then tags
            -- A list of keys and values, as some tools keep a map.
            when tags like '[%' and json_valid(tags) then '{' || list_aggregate(
                list_transform(
                    from_json(tags, '["JSON"]'),
                    lambda pair: coalesce(pair -> 'key', pair -> 'Key')::varchar || ':'
                        || coalesce(pair -> 'value', pair -> 'Value')::varchar
                ),
                'string_agg', ','
            ) || '}'
            else '{' || tags || '}'
        end as braced
    from (select distinct tags from export_read where tags is not null)
),
pairs as (
    select tags, braced, unnest(json_keys(case when json_valid(braced) then braced end)) as name
    from texts
),
-- A name may stand there twice, once with a space before it: the plain one counts.
named as (
    select
        tags,
        lower(trim(name)) as meaning,
        arg_min(
            trim(json_extract_string(braced, '$."' || replace(name, '"', '\"') || '"')),
            name <> trim(name)
        ) as value
    from pairs
    where lower(trim(name)) in ('azuremlendpoint', 'azuremldeployment')
    group by tags, lower(trim(name))
),
values_of as (
    select
        tags,
        max(value) filter (meaning = 'azuremlendpoint') as endpoint,
        max(value) filter (meaning = 'azuremldeployment') as deployment
    from named
    group by tags
)
select
    texts.tags,
    nullif(lower(case when json_valid(braced) then endpoint
        else regexp_extract(texts.tags, '"\s*azuremlendpoint\s*"\s*:\s*"([^"]*)"', 1, 'i')
    end), '') as endpoint,
    nullif(lower(case when json_valid(braced) then deployment
        else regexp_extract(texts.tags, '"\s*azuremldeployment\s*"\s*:\s*"([^"]*)"', 1, 'i')
    end), '') as deployment,
    json_valid(braced) as is_readable
from texts
left join values_of on values_of.tags = texts.tags
