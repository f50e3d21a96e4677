-- Question: what does a month of a subscription's bill come to, as it was just read? Keeps it beside
--   its earlier sums.
-- Parameters: $subscription_id (lower case), $month (its first day), $basis.
-- Columns: none; adds to cost_sums.
insert into cost_sums by name
select
    reads.subscription_id,
    reads.month,
    reads.basis,
    reads.source,
    reads.origin,
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
where reads.subscription_id = $subscription_id and reads.month = $month
    and reads.basis = $basis
group by reads.subscription_id, reads.month, reads.basis, reads.source, reads.origin,
    reads.read_at, lines.currency
