-- Question: which metric values does the store not have yet, or have differently? Keeps them.
-- Parameters: $series (JSON array; each with deployment_key, source, metric, status_class,
--   asked_minutes, grain_minutes, read_at (UTC: up to when a running bucket was asked for), and
--   starts_at, average, maximum as arrays of one length).
-- Columns: none; upserts metric_values by deployment, source, metric, class, grains and start. Every
--   deployment must have a number.
merge into metric_values as kept
using (
    select distinct on (
        resources.resource, source, metric, status_class, asked_minutes, grain_minutes, starts_at
    ) resources.resource, series.* exclude (deployment_key)
    from (
        select
            one.deployment_key,
            one.source,
            one.metric,
            one.status_class,
            one.asked_minutes,
            one.grain_minutes,
            unnest(one.starts_at) as starts_at,
            unnest(one.average) as average,
            unnest(one.maximum) as maximum,
            one.read_at
        from (
            select unnest(from_json_strict(
                $series,
                '[{
                    "deployment_key": "VARCHAR", "source": "VARCHAR", "metric": "VARCHAR",
                    "status_class": "VARCHAR", "asked_minutes": "INTEGER",
                    "grain_minutes": "INTEGER", "read_at": "TIMESTAMP", "starts_at": ["TIMESTAMP"],
                    "average": ["DOUBLE"], "maximum": ["DOUBLE"]
                }]'
            )) as one
        )
    ) as series
    join resources on resources.resource_key = series.deployment_key
) as told
on kept.resource = told.resource
    and kept.source = told.source
    and kept.metric = told.metric
    and kept.status_class = told.status_class
    and kept.asked_minutes = told.asked_minutes
    and kept.grain_minutes = told.grain_minutes
    and kept.starts_at = told.starts_at
when matched then update set
    average = told.average,
    maximum = told.maximum,
    read_at = told.read_at
when not matched then insert by name
