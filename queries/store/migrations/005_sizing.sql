-- Right-sizing, autoscale and quota.

-- Autoscale settings whose target lies in a workspace; null: not told. Counts are instances:
-- minimum and maximum over all profiles of a setting, the default of its first.
create table autoscale_settings (
    snapshot_id varchar,
    id varchar,
    name varchar,
    target_key varchar,
    workspace_key varchar,
    enabled boolean,
    minimum integer,
    maximum integer,
    default_count integer,
    profiles integer
);

-- What each managed deployment of a snapshot needed, and on what less it could run. Percents are
-- 0 to 100, shares 0 to 1; `_mean` is the mean of daily averages, `_highest` the highest daily
-- maximum. saved shares are of its monthly money. finding: a sentence without money.
create table deployment_sizing (
    snapshot_id varchar,
    deployment_key varchar,
    days_measured integer,
    days_to_measure integer,
    cpu_mean double,
    cpu_highest double,
    memory_mean double,
    memory_highest double,
    gpu_mean double,
    gpu_highest double,
    gpu_memory_mean double,
    gpu_memory_highest double,
    latency_p95_ms double,
    latency_p95_highest_ms double,
    failure_share double,
    could_run_on_instances integer,
    could_run_on_size varchar,
    share_saved_by_instances double,
    share_saved_by_size double,
    why_not varchar[],
    finding varchar
);

-- The sizes that managed online endpoints run on, from Microsoft's documents "Managed online
-- endpoints SKU list" (family, cores, GPUs, who skips the reserve of 20 %) and "VM sizes"
-- (memory). A size that is not here is unknown: nothing is read out of its name.
create view machine_sizes as
with
regular as (
    select
        family,
        before || unnest(cores) || after as instance_type,
        unnest(cores) as cores,
        unnest(cores) * memory_per_core as memory_gib
    from (values
        ('standardDASv4Family', 'Standard_D', 'as_v4', 4.0, [2, 4, 8, 16, 32, 48, 64, 96]),
        ('standardDAv4Family', 'Standard_D', 'a_v4', 4.0, [2, 4, 8, 16, 32, 48, 64, 96]),
        ('standardESv3Family', 'Standard_E', 's_v3', 8.0, [2, 4, 8, 16, 32, 48]),
        ('standardFSv2Family', 'Standard_F', 's_v2', 2.0, [2, 4, 8, 16, 32, 48, 64, 72]),
        ('standardFXMDVSFamily', 'Standard_FX', 'mds', 21.0, [4, 12, 24, 36, 48]),
        ('standardLASv3Family', 'Standard_L', 'as_v3', 8.0, [8, 16, 32, 48, 64, 80]),
        ('standardLSv2Family', 'Standard_L', 's_v2', 8.0, [8, 16, 32, 48, 64, 80]),
        ('standardLSv3Family', 'Standard_L', 's_v3', 8.0, [8, 16, 32, 48, 64, 80])
    ) as t (family, before, after, memory_per_core, cores)
),
single as (
    select *
    from (values
        ('standardDSv2Family', 'Standard_DS1_v2', 1, 3.5, 0, false),
        ('standardDSv2Family', 'Standard_DS2_v2', 2, 7, 0, false),
        ('standardDSv2Family', 'Standard_DS3_v2', 4, 14, 0, false),
        ('standardDSv2Family', 'Standard_DS4_v2', 8, 28, 0, false),
        ('standardDSv2Family', 'Standard_DS5_v2', 16, 56, 0, false),
        ('standardESv3Family', 'Standard_E64s_v3', 64, 432, 0, false),
        ('standardNCADSA100v4Family', 'Standard_NC24ads_A100_v4', 24, 220, 1, true),
        ('standardNCADSA100v4Family', 'Standard_NC48ads_A100_v4', 48, 440, 2, true),
        ('standardNCADSA100v4Family', 'Standard_NC96ads_A100_v4', 96, 880, 4, true),
        ('standard NCASv3_T4 Family', 'Standard_NC4as_T4_v3', 4, 28, 1, false),
        ('standard NCASv3_T4 Family', 'Standard_NC8as_T4_v3', 8, 56, 1, false),
        ('standard NCASv3_T4 Family', 'Standard_NC16as_T4_v3', 16, 110, 1, false),
        ('standard NCASv3_T4 Family', 'Standard_NC64as_T4_v3', 64, 440, 4, false),
        ('standardNCSv2Family', 'Standard_NC6s_v2', 6, 112, 1, false),
        ('standardNCSv2Family', 'Standard_NC12s_v2', 12, 224, 2, false),
        ('standardNCSv2Family', 'Standard_NC24s_v2', 24, 448, 4, false),
        ('standardNCSv3Family', 'Standard_NC6s_v3', 6, 112, 1, false),
        ('standardNCSv3Family', 'Standard_NC12s_v3', 12, 224, 2, false),
        ('standardNCSv3Family', 'Standard_NC24s_v3', 24, 448, 4, false),
        ('standardNCADSH100v5Family', 'Standard_NC40ads_H100_v5', 40, 320, 1, true),
        ('standardNCADSH100v5Family', 'Standard_NC80adis_H100_v5', 80, 640, 2, true),
        ('standard NDAMSv4_A100Family', 'Standard_ND96amsr_A100_v4', 96, 1900, 8, true),
        ('standard NDASv4_A100 Family', 'Standard_ND96asr_v4', 96, 900, 8, true),
        ('standardNDSv2Family', 'Standard_ND40rs_v2', 40, 672, 8, true),
        ('standardNDv5H100Family', 'Standard_ND96is_H100_v5', 96, 1900, 8, true),
        ('standardNDv5H100Family', 'Standard_ND96isr_H100_v5', 96, 1900, 8, true),
        ('standardNVADSA10v5Family', 'Standard_NV6ads_A10_v5', 6, 55, 1 / 6, false),
        ('standardNVADSA10v5Family', 'Standard_NV12ads_A10_v5', 12, 110, 1 / 3, false),
        ('standardNVADSA10v5Family', 'Standard_NV18ads_A10_v5', 18, 220, 1 / 2, false),
        ('standardNVADSA10v5Family', 'Standard_NV36ads_A10_v5', 36, 440, 1, false),
        ('standardNVADSA10v5Family', 'Standard_NV36adms_A10_v5', 36, 880, 1, false),
        ('standardNVADSA10v5Family', 'Standard_NV72ads_A10_v5', 72, 880, 2, false)
    ) as t (family, instance_type, cores, memory_gib, gpus, skips_reserve)
)
select
    family, instance_type, lower(instance_type) as size_key, cores,
    memory_gib::double as memory_gib, 0::double as gpus, false as skips_reserve
from regular
union all
select
    family, instance_type, lower(instance_type), cores,
    memory_gib::double, gpus::double, skips_reserve
from single;

-- Pairs of a size and a smaller one of its family, down to an eighth of its cores: further down
-- a load in percent of the large one says too little.
create view smaller_sizes as
select
    large.size_key,
    small.instance_type,
    small.size_key as smaller_key,
    small.cores,
    large.cores / small.cores as cores_ratio,
    large.memory_gib / small.memory_gib as memory_ratio,
    case when small.gpus > 0 then large.gpus / small.gpus end as gpus_ratio
from machine_sizes as large
join machine_sizes as small
    on small.family = large.family
    and small.cores < large.cores
    and small.cores * 8 >= large.cores
    and small.memory_gib < large.memory_gib;

-- Autoscale settings as the newest snapshot of their workspace saw them. deployment_key: the
-- deployment that is the target; null: the target is another resource, or gone.
create view autoscale as
select
    settings.snapshot_id,
    s.started_at as as_of,
    settings.id,
    settings.name,
    settings.target_key,
    d.deployment_key,
    settings.enabled,
    settings.minimum,
    settings.maximum,
    settings.default_count,
    settings.profiles
from autoscale_settings as settings
join snapshots as s on s.snapshot_id = settings.snapshot_id
join newest_reads as newest
    on newest.workspace_key = settings.workspace_key
    and newest.snapshot_id = settings.snapshot_id
left join deployments as d
    on d.snapshot_id = settings.snapshot_id and d.deployment_key = settings.target_key;

-- The cores of quota that come free where a current managed deployment is retired: what it holds
-- is ceil(1.2 x instances) x cores, or instances x cores for the sizes without that reserve.
-- Quota counts by subscription, region and family. Null: not known, and why.
create view quota_returned as
select
    d.deployment_key,
    d.workspace,
    d.endpoint,
    d.deployment,
    lower(d.subscription_id) as subscription_id,
    d.region,
    sizes.family,
    d.instance_type,
    d.instance_count,
    sizes.cores as cores_per_instance,
    sizes.skips_reserve,
    case when sizes.skips_reserve then d.instance_count
        else (6 * d.instance_count + 4) // 5
    end * sizes.cores as cores,
    case
        when d.instance_type is null then 'its size is not known'
        when sizes.cores is null
            then 'not in Microsoft''s list of sizes for managed endpoints: ' || d.instance_type
        when d.instance_count is null then 'its number of instances is not known'
    end as why_unknown
from current_deployments as d
left join machine_sizes as sizes on sizes.size_key = lower(d.instance_type)
where d.kind = 'managed';
