-- Question: on what less could each managed deployment run, and if not, why not?
-- Columns: those of the table deployment_sizing. Fewer instances and a smaller size of the same
--   family are two ways, each judged by itself with everything else as it is. Measured values have
--   three places (shares six): they move every day, and all their places would fill the store.
-- A load that was not measured never says that less would do.
with
-- Fewer instances share the requests among them; each holds the whole model in memory as before.
fewer as (
    select
        deployment_key,
        greatest(1, ceil(instances * greatest(
            cpu_highest / highest, cpu_mean / mean,
            case when has_gpu then gpu_highest / highest end,
            case when has_gpu then gpu_mean / mean end
        )))::integer as needed,
        greatest(cpu_highest / highest, cpu_mean / mean) * instances <= instances - 1 as cpu_fits,
        memory_highest <= limits.memory as memory_fits,
        not has_gpu or (
            greatest(gpu_highest / highest, gpu_mean / mean) * instances <= instances - 1
            and gpu_memory_highest <= limits.memory
        ) as gpu_fits
    from barriers
    cross join limits
),
price_ratios as (
    select
        small.size_key,
        small.smaller_key,
        dear.region,
        min(cheap.per_hour / dear.per_hour) as price_ratio
    from smaller_sizes as small
    join hourly_prices as dear on dear.instance_type = small.size_key and dear.per_hour > 0
    join hourly_prices as cheap
        on cheap.instance_type = small.smaller_key and cheap.per_hour > 0
        and cheap.region = dear.region and cheap.currency = dear.currency
    group by small.size_key, small.smaller_key, dear.region
),
smaller as (
    select
        barriers.deployment_key,
        small.instance_type,
        small.cores,
        small.memory_ratio,
        greatest(cpu_highest / highest, cpu_mean / mean) * small.cores_ratio <= 1 as cpu_fits,
        memory_highest * small.memory_ratio <= limits.memory as memory_fits,
        not has_gpu or (
            greatest(gpu_highest / highest, gpu_mean / mean) * small.gpus_ratio <= 1
            and gpu_memory_highest * small.gpus_ratio <= limits.memory
        ) as gpu_fits,
        price_ratios.price_ratio
    from barriers
    cross join limits
    join smaller_sizes as small on small.size_key = lower(barriers.instance_type)
    left join price_ratios
        on price_ratios.size_key = small.size_key
        and price_ratios.smaller_key = small.smaller_key
        and price_ratios.region = barriers.region
),
-- The smallest that fits and is known to be cheaper; without prices the nearest that fits.
fitting as (
    select
        deployment_key,
        arg_min(instance_type, (cores, -memory_ratio)) filter (where price_ratio < 1) as cheapest,
        arg_min(price_ratio, (cores, -memory_ratio)) filter (where price_ratio < 1) as its_price,
        arg_max(instance_type, (cores, -memory_ratio)) filter (where price_ratio is null)
            as unpriced
    from smaller
    where cpu_fits and memory_fits and gpu_fits
    group by deployment_key
),
-- The next smaller size, by which it is reported what is in the way.
nearest as (
    select
        deployment_key,
        arg_max(instance_type, cores) as instance_type,
        arg_max(cpu_fits, cores) as cpu_fits,
        arg_max(memory_fits, cores) as memory_fits,
        arg_max(gpu_fits, cores) as gpu_fits
    from smaller
    group by deployment_key
),
found as (
    select
        barriers.*,
        len(barriers.barriers) = 0 as is_clear,
        case when len(barriers.barriers) = 0 and fewer.needed < instances
            and fewer.memory_fits and fewer.gpu_fits
            then fewer.needed
        end as could_run_on_instances,
        case when len(barriers.barriers) = 0 then coalesce(fitting.cheapest, fitting.unpriced) end
            as could_run_on_size,
        case when fitting.cheapest is not null then 1 - fitting.its_price end as size_share,
        fewer.cpu_fits as fewer_cpu_fits,
        fewer.memory_fits as fewer_memory_fits,
        fewer.gpu_fits as fewer_gpu_fits,
        nearest.instance_type as next_size,
        nearest.cpu_fits as next_cpu_fits,
        nearest.memory_fits as next_memory_fits,
        nearest.gpu_fits as next_gpu_fits,
        sizes.size_key is not null as is_known_size
    from barriers
    join fewer on fewer.deployment_key = barriers.deployment_key
    left join fitting on fitting.deployment_key = barriers.deployment_key
    left join nearest on nearest.deployment_key = barriers.deployment_key
    left join machine_sizes as sizes on sizes.size_key = lower(barriers.instance_type)
)
select
    asked.snapshot_id,
    found.deployment_key,
    days_measured,
    days_to_measure,
    round(cpu_mean, 3) as cpu_mean,
    round(cpu_highest, 3) as cpu_highest,
    round(memory_mean, 3) as memory_mean,
    round(memory_highest, 3) as memory_highest,
    round(gpu_mean, 3) as gpu_mean,
    round(gpu_highest, 3) as gpu_highest,
    round(gpu_memory_mean, 3) as gpu_memory_mean,
    round(gpu_memory_highest, 3) as gpu_memory_highest,
    round(latency_p95_ms, 3) as latency_p95_ms,
    round(latency_p95_highest_ms, 3) as latency_p95_highest_ms,
    round(failure_share, 6) as failure_share,
    could_run_on_instances,
    could_run_on_size,
    1 - could_run_on_instances / instances as share_saved_by_instances,
    case when could_run_on_size is not null then size_share end as share_saved_by_size,
    list_concat(barriers, list_filter(
        [
            case when instances = 1 then json_object('code', 'one-instance') end,
            case when not is_known_size
                then json_object('code', 'size-unlisted', 'size', instance_type)
                when next_size is null
                    then json_object('code', 'no-smaller-size', 'size', instance_type)
            end,
            case when is_clear and instances > 1 and not fewer_cpu_fits
                then json_object(
                    'code', 'cpu-bound-instances',
                    'percent', round(cpu_highest)::integer
                )
            end,
            case when is_clear and instances > 1 and not fewer_memory_fits
                then json_object(
                    'code', 'memory-bound-instances',
                    'percent', round(memory_highest)::integer
                )
            end,
            case when is_clear and instances > 1 and not fewer_gpu_fits
                then json_object(
                    'code', 'gpu-bound-instances',
                    'percent', round(gpu_highest)::integer,
                    'memory_percent', round(gpu_memory_highest)::integer
                )
            end,
            case when is_clear and could_run_on_size is null and not next_cpu_fits
                then json_object(
                    'code', 'cpu-bound-size',
                    'percent', round(cpu_highest)::integer,
                    'size', next_size
                )
            end,
            case when is_clear and could_run_on_size is null and not next_memory_fits
                then json_object(
                    'code', 'memory-bound-size',
                    'percent', round(memory_highest)::integer,
                    'size', next_size
                )
            end,
            case when is_clear and could_run_on_size is null and not next_gpu_fits
                then json_object(
                    'code', 'gpu-bound-size',
                    'percent', round(gpu_highest)::integer,
                    'memory_percent', round(gpu_memory_highest)::integer,
                    'size', next_size
                )
            end
        ],
        lambda reason: reason is not null
    )::varchar[]) as why_not
from found
cross join asked
