-- What is known of the bill, from where, and how it moved.

-- Where a month came from, for people: the export and its run, or its files. Null: the query API,
-- or an import by an earlier version.
alter table cost_reads add column origin varchar;

-- The sums of a month each time it was read, in currency (null: nothing was billed); the newest are
-- those of the lines. cost_on_deployments: of lines with the tags of a deployment; through: the
-- newest billed day.
create table cost_sums (
    subscription_id varchar,
    month date,
    basis varchar,
    source varchar,
    origin varchar,
    read_at timestamp,
    through date,
    currency varchar,
    cost decimal(38, 18),
    cost_on_deployments decimal(38, 18)
);

insert into cost_sums by name
select
    reads.subscription_id,
    reads.month,
    reads.basis,
    reads.source,
    reads.read_at,
    max(lines.day) as through,
    lines.currency,
    coalesce(sum(lines.cost), 0) as cost,
    coalesce(
        sum(lines.cost) filter (where lines.endpoint is not null and lines.deployment is not null),
        0
    ) as cost_on_deployments
from cost_reads as reads
left join cost_lines as lines
    on lines.subscription_id = reads.subscription_id
    and lines.month = reads.month
    and lines.basis = reads.basis
    and lines.kind = 'bill'
group by reads.subscription_id, reads.month, reads.basis, reads.source, reads.read_at,
    lines.currency;

-- What is known of each month of each subscription's bill. counts: whether it is in the sums that
-- are shown; moved_by: by how much the month changed since it was read before, at moved_since (null:
-- it was read once, or in this currency once).
create view known_bills as
with
placed as (
    select
        *,
        lag(cost) over before as cost_before,
        lag(read_at) over before as read_before,
        row_number() over (
            partition by subscription_id, month, basis, currency order by read_at desc
        ) as place
    from cost_sums
    window before as (partition by subscription_id, month, basis, currency order by read_at)
)
select
    sums.subscription_id,
    sums.month,
    sums.basis,
    counted.month is not null as counts,
    reads.source,
    reads.origin,
    reads.read_at,
    sums.through,
    sums.currency,
    sums.cost,
    sums.cost_on_deployments,
    sums.cost - sums.cost_before as moved_by,
    sums.read_before as moved_since
from cost_reads as reads
join placed as sums
    on sums.subscription_id = reads.subscription_id
    and sums.month = reads.month
    and sums.basis = reads.basis
    and sums.read_at = reads.read_at
    and sums.place = 1
left join counted_reads as counted
    on counted.subscription_id = reads.subscription_id
    and counted.month = reads.month
    and counted.basis = reads.basis;
