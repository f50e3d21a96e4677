-- Question: which metric values does the store not have yet, or have differently? Keeps them.
-- Parameters: $rows (JSON array of metric_points), $shape (its types).
-- Columns: none; upserts metric_points by deployment, source, metric, class, grains and start.
merge into metric_points as kept
using (
    select distinct on (
        deployment_key, source, metric, status_class, asked_minutes, grain_minutes, starts_at
    ) *
    from (select unnest(from_json_strict($rows, $shape), recursive := true))
) as told
on kept.deployment_key = told.deployment_key
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
