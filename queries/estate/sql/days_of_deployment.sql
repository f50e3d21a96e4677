-- Question: what is known of one deployment, day by day?
-- Parameters: $deployment_key, $endpoint_key, $first_day, $last_day (UTC dates).
-- Columns: day; own_requests, split_requests (average x minutes, null: no value); was_asked;
--   is_alive; capacity (instances); cpu_percent, memory_percent, gpu_percent (means of averages);
--   cpu_percent_highest (maximum); latency_p95_ms.
with
calendar as (
    select unnest(generate_series($first_day::date, $last_day::date, interval 1 day))::date as day
),
points as (
    select *, starts_at::date as day
    from metric_points
    where deployment_key = $deployment_key and asked_minutes = 1440
),
told as (
    select
        day,
        sum(average * grain_minutes)
            filter (where metric = 'RequestsPerMinute' and source = 'deployment') as own_requests,
        sum(average * grain_minutes)
            filter (where metric = 'RequestsPerMinute' and source = 'endpoint') as split_requests,
        avg(average) filter (where metric = 'DeploymentCapacity') as capacity,
        avg(average) filter (where metric = 'CpuUtilizationPercentage') as cpu_percent,
        max(maximum) filter (where metric = 'CpuUtilizationPercentage') as cpu_percent_highest,
        avg(average) filter (where metric = 'CpuMemoryUtilizationPercentage') as memory_percent,
        avg(average) filter (where metric = 'GpuUtilizationPercentage') as gpu_percent,
        avg(average) filter (where metric = 'RequestLatency_P95') as latency_p95_ms
    from points
    group by day
),
asked as (
    select distinct unnest(generate_series(first_day, last_day, interval 1 day))::date as day
    from metric_reads
    where state = 'answered' and metric = 'RequestsPerMinute'
        and resource_key in ($deployment_key, $endpoint_key)
)
select
    calendar.day,
    told.own_requests,
    told.split_requests,
    asked.day is not null as was_asked,
    coalesce(told.capacity > 0, false) or told.cpu_percent is not null as is_alive,
    told.capacity,
    told.cpu_percent,
    told.cpu_percent_highest,
    told.memory_percent,
    told.gpu_percent,
    told.latency_p95_ms
from calendar
left join told using (day)
left join asked using (day)
order by calendar.day
