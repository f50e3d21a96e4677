-- Question: what is known of one deployment, day by day?
-- Parameters: $deployment_key, $first_day, $last_day (UTC dates). It reads the judge's `asked`,
--   `counted`, `lives` and `days` of that deployment.
-- Columns: day; own_requests, split_requests (of the two namespaces), requests (the larger; null:
--   no value); was_asked (both namespaces were answered for it); is_alive; capacity (instances);
--   cpu_percent, memory_percent, gpu_percent (means of averages); cpu_percent_highest (maximum);
--   latency_p95_ms.
with
calendar as (
    select unnest(generate_series($first_day::date, $last_day::date, interval 1 day))::date as day
),
loads as (
    select
        p.day,
        avg(p.average) filter (where p.metric = 'DeploymentCapacity') as capacity,
        avg(p.average) filter (where p.metric = 'CpuUtilizationPercentage') as cpu_percent,
        max(p.maximum) filter (where p.metric = 'CpuUtilizationPercentage')
            as cpu_percent_highest,
        avg(p.average) filter (where p.metric = 'CpuMemoryUtilizationPercentage')
            as memory_percent,
        avg(p.average) filter (where p.metric = 'GpuUtilizationPercentage') as gpu_percent,
        avg(p.average) filter (where p.metric = 'RequestLatency_P95') as latency_p95_ms
    from counted as p
    join lives on lives.number = p.number
    cross join asked
    where lives.deployment_key = $deployment_key
        and p.asked_minutes = asked.grain_minutes
        and p.starts_at < asked.as_of
        and (lives.counts_from is null or p.starts_at >= lives.counts_from)
    group by p.day
)
select
    calendar.day,
    days.own_requests,
    days.split_requests,
    days.requests,
    coalesce(days.both_answered, false) as was_asked,
    coalesce(days.is_alive, false) as is_alive,
    loads.capacity,
    loads.cpu_percent,
    loads.cpu_percent_highest,
    loads.memory_percent,
    loads.gpu_percent,
    loads.latency_p95_ms
from calendar
left join days on days.day = calendar.day and days.deployment_key = $deployment_key
left join loads on loads.day = calendar.day
order by calendar.day
