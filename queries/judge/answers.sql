-- Question: which days was Azure asked about, and answered?
-- It is limited to the numbers in the variable `sought`; null: all.
-- Columns: resource; source; asked_minutes (of the collection, or 1); of_requests, of_life (whether
--   its metrics tell requests, and capacity); first_day, last_day; read_at (UTC).
-- A guard rests on what it asked itself.
with
answered as (
    select
        a.resources,
        a.source,
        a.asked_minutes,
        list_contains(a.metrics, 'RequestsPerMinute') as of_requests,
        list_contains(a.metrics, 'DeploymentCapacity') as of_life,
        a.first_day,
        a.last_day,
        a.read_at
    from metric_answers as a
    cross join asked
    where a.state = 'answered'
        and a.source in ('deployment', 'endpoint')
        and a.read_at <= asked.known_until
        and (
            a.asked_minutes = 1
            or (
                a.asked_minutes = asked.grain_minutes
                and (asked.kind = 'snapshot' or a.snapshot_id = asked.snapshot_id)
            )
        )
        -- Mostly two numbers, which are found ten times faster one by one than any of a list.
        and (
            getvariable('sought')::integer[] is null
            or list_contains(a.resources, (getvariable('sought')::integer[])[1])
            or list_contains(a.resources, (getvariable('sought')::integer[])[2])
            or (
                len(getvariable('sought')::integer[]) > 2
                and list_has_any(a.resources, getvariable('sought')::integer[])
            )
        )
),
of_resource as (
    select * exclude (resources), unnest(resources) as resource
    from answered
    where of_requests or of_life
)
select *
from of_resource
order by resource
