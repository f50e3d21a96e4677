-- Question: which days of what were answered, and which were refused? Notes them.
-- Parameters: $answers (JSON array; each with the columns of metric_answers).
-- Columns: none; inserts into metric_answers.
insert into metric_answers by name
select
    unnest(from_json_strict(
        $answers,
        '[{
            "snapshot_id": "VARCHAR", "resources": ["INTEGER"], "source": "VARCHAR",
            "metrics": ["VARCHAR"], "asked_minutes": "INTEGER", "first_day": "DATE",
            "last_day": "DATE", "state": "VARCHAR", "code": "VARCHAR", "read_at": "TIMESTAMP"
        }]'
    ), max_depth := 2)
