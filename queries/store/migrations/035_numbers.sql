-- What was measured, by numbers in place of long ids, and answers by batch.

-- The number of each folded id that a metric speaks of: deployments and endpoints.
create table resources (resource integer, resource_key varchar);

insert into resources
select row_number() over (order by resource_key)::integer, resource_key
from (
    select deployment_key as resource_key from metric_points
    union
    select resource_key from metric_reads
)
where resource_key is not null;

-- Values of metric buckets, kept for good. A bucket without a value has no row.
-- source: deployment, endpoint, `endpoint by class` (then status_class is set). resource: the
-- deployment that the value is about, whatever resource was asked.
create table metric_values (
    resource integer,
    source varchar,
    metric varchar,
    status_class varchar,
    asked_minutes integer,
    grain_minutes integer,
    starts_at timestamp,
    average double,
    maximum double,
    read_at timestamp
);

insert into metric_values
select
    resources.resource, source, metric, status_class, asked_minutes, grain_minutes, starts_at,
    average, maximum, read_at
from metric_points
join resources on resources.resource_key = metric_points.deployment_key
order by resources.resource, source, metric, status_class, starts_at;

-- What was asked, and whether it was answered or refused: each of these days, of each of these
-- metrics, of each of these resources (deployments for the source deployment, else endpoints).
create table metric_answers (
    snapshot_id varchar,
    resources integer[],
    source varchar,
    metrics varchar[],
    asked_minutes integer,
    first_day date,
    last_day date,
    state varchar,
    code varchar,
    read_at timestamp
);

-- The metrics of an answer are the bits of a number until they are its list: lists of texts, one for
-- each resource and day, would not fit into the database's share of memory.
insert into metric_answers by name
with
known_metrics as (
    select metric, 1::hugeint << (row_number() over (order by metric) - 1)::integer as bit
    from (select distinct metric from metric_reads)
),
of_resource as (
    select
        reads.snapshot_id, resources.resource, reads.source, bit_or(known_metrics.bit) as bits,
        reads.asked_minutes, reads.first_day, reads.last_day, reads.state, reads.code, reads.read_at
    from metric_reads as reads
    join resources on resources.resource_key = reads.resource_key
    join known_metrics on known_metrics.metric = reads.metric
    group by all
),
together as (
    select
        snapshot_id, list_sort(list(resource)) as resources, source, bits,
        asked_minutes, first_day, last_day, state, code, read_at
    from of_resource
    group by all
),
metrics_of_bits as (
    select sets.bits, list(known_metrics.metric order by known_metrics.metric) as metrics
    from (select distinct bits from together) as sets
    join known_metrics on known_metrics.bit & sets.bits <> 0
    group by sets.bits
)
select together.* exclude (bits), metrics_of_bits.metrics
from together
join metrics_of_bits on metrics_of_bits.bits = together.bits
order by together.read_at;

drop table metric_points;
drop table metric_reads;

-- Values, each with the folded id of its deployment.
create view metric_points as
select
    resources.resource_key as deployment_key,
    kept.source,
    kept.metric,
    kept.status_class,
    kept.asked_minutes,
    kept.grain_minutes,
    kept.starts_at,
    kept.average,
    kept.maximum,
    kept.read_at,
    kept.resource
from metric_values as kept
join resources on resources.resource = kept.resource;

-- Answers, a row for each resource and metric.
create view metric_reads as
with
of_resource as (
    select * exclude (resources), unnest(resources) as resource
    from metric_answers
),
of_metric as (
    select * exclude (metrics), unnest(metrics) as metric
    from of_resource
)
select
    asked.snapshot_id,
    resources.resource_key,
    asked.source,
    asked.metric,
    asked.asked_minutes,
    asked.first_day,
    asked.last_day,
    asked.state,
    asked.code,
    asked.read_at,
    asked.resource
from of_metric as asked
join resources on resources.resource = asked.resource;

-- A metric value, and how long it was measured: to the end of its bucket, or up to its reading
-- where the bucket was still running. requests: average x minutes, null for what counts none.
-- shows_life: Azure keeps such a value only of a deployment that was there.
create or replace view measured_points as
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
    ) as shows_life,
    resource
from bounded;

-- The UTC days that Azure answered for, a row for each answer, resource, metric and day. is_whole:
-- it was read after the day had ended; else it speaks of the day up to read_at.
create or replace view answered_days as
with
spread as (
    select
        snapshot_id,
        resource_key,
        source,
        metric,
        asked_minutes,
        read_at,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as day,
        resource
    from metric_reads
    where state = 'answered'
)
select
    snapshot_id, resource_key, source, metric, asked_minutes, read_at, day,
    read_at >= day + interval 1 day as is_whole,
    resource
from spread;
