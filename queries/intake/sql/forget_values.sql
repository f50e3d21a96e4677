-- Question: which metric values do some answers have anew? Removes what was kept of their buckets.
-- Parameters: $series, $spans, as for keep_values; $newest (the last number that a resource had
--   before: of those numbered since nothing was kept).
-- Columns: none; deletes from metric_values. A bucket that the answers lack stays as it was read.
delete from metric_values as kept
using (
    select
        series.* exclude (span),
        unnest(spans.times[series.span + 1]) as starts_at
    from (
        select
            unnest(from_json(
                $series,
                '[{
                    "resource": "INTEGER", "source": "VARCHAR", "metric": "VARCHAR",
                    "status_class": "VARCHAR", "asked_minutes": "INTEGER",
                    "grain_minutes": "INTEGER", "span": "INTEGER"
                }]'
            ), max_depth := 2)
    ) as series
    cross join (select from_json_strict($spans, '[["TIMESTAMP"]]') as times) as spans
    where series.resource <= $newest
) as answered
where kept.resource = answered.resource
    and kept.starts_at = answered.starts_at
    and kept.source = answered.source
    and kept.metric = answered.metric
    and kept.status_class = answered.status_class
    and kept.asked_minutes = answered.asked_minutes
    and kept.grain_minutes = answered.grain_minutes
