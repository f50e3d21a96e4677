-- Question: on how many instances of which size did each deployment run on each day of a month?
-- Parameters: $month (its first day).
-- Columns: none; makes focus_instances: deployment_key, day, region, instance_type (lower case),
--   instance_count. Only whole days between two snapshots that saw the same, and no autoscaling.
create or replace temp table focus_instances as
with
sightings as (
    select
        seen.deployment_key, snapshots.started_at, seen.region, seen.created_at,
        lower(seen.instance_type) as instance_type, seen.instance_count
    from deployments as seen
    join snapshots
        on snapshots.snapshot_id = seen.snapshot_id
        and snapshots.kind = 'snapshot'
        and snapshots.status in ('complete', 'partial')
    where seen.kind = 'managed'
        and seen.deployment_key not in (
            select deployment_key
            from autoscale
            where deployment_key is not null and coalesce(enabled, true)
        )
),
compared as (
    select
        *,
        row_number() over (partition by deployment_key order by started_at) - row_number() over (
            partition by deployment_key, region, created_at, instance_type, instance_count
            order by started_at
        ) as stretch
    from sightings
),
stretches as (
    select
        deployment_key, region, instance_type, instance_count,
        min(started_at) as first_seen,
        max(started_at) as last_seen
    from compared
    where instance_type is not null and instance_count is not null
    group by deployment_key, region, created_at, instance_type, instance_count, stretch
),
days as (
    select unnest(
        generate_series($month::date, last_day($month::date), interval 1 day)
    )::date as day
)
select stretches.deployment_key, days.day, region, instance_type, instance_count
from stretches
join days on days.day >= first_seen and days.day + interval 1 day <= last_seen
