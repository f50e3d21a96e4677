-- Question: what are the metric values that some answers have? Keeps them.
-- Parameters: $series (JSON array; each with resource, source, metric, status_class, asked_minutes,
--   grain_minutes, read_at (UTC: up to when a running bucket was asked for), span (place of its
--   times in $spans), and average, maximum, each as long as that list), $spans (JSON array of lists
--   of times, UTC).
-- Columns: none; inserts into metric_values.
insert into metric_values by name
select
    series.* exclude (span, average, maximum),
    unnest(spans.times[series.span + 1]) as starts_at,
    unnest(series.average) as average,
    unnest(series.maximum) as maximum
from (
    select
        unnest(from_json_strict(
            $series,
            '[{
                "resource": "INTEGER", "source": "VARCHAR", "metric": "VARCHAR",
                "status_class": "VARCHAR", "asked_minutes": "INTEGER", "grain_minutes": "INTEGER",
                "span": "INTEGER", "average": ["DOUBLE"], "maximum": ["DOUBLE"],
                "read_at": "TIMESTAMP"
            }]'
        ), max_depth := 2)
) as series
cross join (select from_json_strict($spans, '[["TIMESTAMP"]]') as times) as spans
