-- Question: from which day on must each resource's metrics be asked?
-- Parameters: $resource_keys (list), $source, $metrics (list; all of them must be answered),
--   $today (date), $window_first_day (date), $first_day_kept (date; the oldest that Azure has),
--   $answered_since (UTC; an answer as young counts for the running day too, null: none does).
-- Columns: resource_key, first_day (null: nothing to ask).
-- A day is done once it was answered six hours after its end, since late values trickle in. What
-- is older than the window is asked once, the first time.
with
resources as (
    select unnest($resource_keys::varchar[]) as resource_key
),
answers as (
    select
        r.resource_key,
        r.metric,
        r.read_at,
        unnest(generate_series(r.first_day, r.last_day, interval 1 day))::date as day
    from metric_reads as r
    join resources on resources.resource_key = r.resource_key
    where r.source = $source and r.state = 'answered' and r.asked_minutes = 1440
        and list_contains($metrics::varchar[], r.metric)
),
done as (
    select resource_key, day
    from answers
    where read_at >= day + interval 30 hour or read_at >= $answered_since::timestamp
    group by resource_key, day
    having count(distinct metric) = len($metrics::varchar[])
),
asked_before as (
    select distinct resource_key from answers
),
wanted as (
    select
        resources.resource_key,
        unnest(
            generate_series(
                case
                    when asked_before.resource_key is null then $first_day_kept::date
                    else greatest($window_first_day::date, $first_day_kept::date)
                end,
                $today::date,
                interval 1 day
            )
        )::date as day
    from resources
    left join asked_before using (resource_key)
)
select wanted.resource_key, min(wanted.day) as first_day
from wanted
left join done on done.resource_key = wanted.resource_key and done.day = wanted.day
where done.day is null
group by wanted.resource_key
