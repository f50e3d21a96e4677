-- What a metric value says of its UTC day, in one place: the judge, the charts and the documented
-- views count requests, signs of life and answered days by these views.

-- A metric value, and how long it was measured: to the end of its bucket, or up to its reading
-- where the bucket was still running. requests: average x minutes, null for what counts none.
-- shows_life: Azure keeps such a value only of a deployment that was there.
create view measured_points as
with
bounded as (
    select
        *,
        starts_at::date as day,
        starts_at + to_minutes(grain_minutes) as ends_at,
        least(starts_at + to_minutes(grain_minutes), read_at) as measured_until,
        metric = 'RequestsPerMinute' and source in ('deployment', 'endpoint') as counts_requests
    from metric_points
    where starts_at < read_at
)
select
    deployment_key,
    source,
    metric,
    status_class,
    asked_minutes,
    grain_minutes,
    day,
    starts_at,
    ends_at,
    measured_until,
    read_at,
    average,
    maximum,
    case when counts_requests then average * epoch(measured_until - starts_at) / 60 end
        as requests,
    coalesce(
        (metric = 'DeploymentCapacity' and greatest(average, maximum) > 0)
        or (metric = 'CpuUtilizationPercentage' and average is not null)
        or (counts_requests and average is not null),
        false
    ) as shows_life
from bounded;

-- Requests of each deployment and UTC day, as each namespace told them. Where the answers of a day
-- came in several grains, each is the whole day: the larger counts.
create or replace view daily_requests as
with
by_grain as (
    select deployment_key, source, day, grain_minutes, sum(requests) as requests
    from measured_points
    where asked_minutes = 1440 and requests is not null
    group by deployment_key, source, day, grain_minutes
)
select deployment_key, source, day, max(requests) as requests
from by_grain
group by deployment_key, source, day;

-- The UTC days that Azure answered for, a row for each answer. is_whole: it was read after the day
-- had ended; else it speaks of the day up to read_at.
create view answered_days as
with
spread as (
    select
        snapshot_id,
        resource_key,
        source,
        metric,
        asked_minutes,
        read_at,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as day
    from metric_reads
    where state = 'answered'
)
select *, read_at >= day + interval 1 day as is_whole
from spread;
