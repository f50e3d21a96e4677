-- Question: how hard did each managed deployment work in the window?
-- Columns: days_to_measure (complete days of the window since its creation), days_measured (those
--   with an average and a maximum of CPU and memory, and of GPU and its memory where it has one);
--   cpu_, memory_, gpu_, gpu_memory_ mean (of daily averages) and highest (of daily maxima, today
--   so far too) in percent; latency_p95_ms (mean of daily averages) and latency_p95_highest_ms;
--   has_gpu.
-- A guard asks hourly values of one endpoint for a deletion; nothing is sized for it.
with
managed as (
    select
        facts.number,
        facts.deployment_key,
        known_as.known_resource as resource,
        coalesce(sizes.gpus > 0, lower(facts.instance_type) like 'standard\_n%' escape '\', false)
            as has_gpu,
        greatest(
            asked.window_first_day, coalesce(facts.created_at::date + 1, asked.window_first_day)
        ) as first_day
    from facts
    cross join asked
    join known_as
        on known_as.number = facts.number and known_as.known_as = facts.deployment_key
    left join machine_sizes as sizes on sizes.size_key = lower(facts.instance_type)
    where facts.kind = 'managed' and asked.kind = 'snapshot'
),
days_of_load as (
    select
        managed.number,
        p.starts_at::date < asked.today as is_complete,
        avg(p.average) filter (where p.metric = 'CpuUtilizationPercentage') as cpu,
        max(p.maximum) filter (where p.metric = 'CpuUtilizationPercentage')
            as cpu_highest,
        avg(p.average) filter (where p.metric = 'CpuMemoryUtilizationPercentage') as memory,
        max(p.maximum) filter (where p.metric = 'CpuMemoryUtilizationPercentage')
            as memory_highest,
        avg(p.average) filter (where p.metric = 'GpuUtilizationPercentage') as gpu,
        max(p.maximum) filter (where p.metric = 'GpuUtilizationPercentage')
            as gpu_highest,
        avg(p.average) filter (where p.metric = 'GpuMemoryUtilizationPercentage') as gpu_memory,
        max(p.maximum) filter (where p.metric = 'GpuMemoryUtilizationPercentage')
            as gpu_memory_highest,
        avg(p.average) filter (where p.metric = 'RequestLatency_P95') as latency
    from metric_points as p
    join managed on managed.resource = p.resource
    cross join asked
    where p.source = 'deployment'
        and p.asked_minutes = 1440
        and p.starts_at >= asked.window_first_day
        and p.starts_at >= managed.first_day
        and p.starts_at::date <= asked.today
    group by managed.number, p.starts_at::date, asked.today
)
select
    managed.deployment_key,
    any_value(managed.has_gpu) as has_gpu,
    greatest(0, any_value(asked.today - managed.first_day)) as days_to_measure,
    count(*) filter (
        where is_complete
            and cpu is not null and cpu_highest is not null
            and memory is not null and memory_highest is not null
            and (not managed.has_gpu or (
                gpu is not null and gpu_highest is not null
                and gpu_memory is not null and gpu_memory_highest is not null
            ))
    ) as days_measured,
    avg(cpu) filter (where is_complete) as cpu_mean,
    max(cpu_highest) as cpu_highest,
    avg(memory) filter (where is_complete) as memory_mean,
    max(memory_highest) as memory_highest,
    avg(gpu) filter (where is_complete) as gpu_mean,
    max(gpu_highest) as gpu_highest,
    avg(gpu_memory) filter (where is_complete) as gpu_memory_mean,
    max(gpu_memory_highest) as gpu_memory_highest,
    avg(latency) filter (where is_complete) as latency_p95_ms,
    max(latency) as latency_p95_highest_ms
from managed
cross join asked
left join days_of_load on days_of_load.number = managed.number
group by managed.deployment_key
