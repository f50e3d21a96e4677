-- Question: which months were read from the export, and through which day? Notes it.
-- Parameters: $now (UTC).
-- Columns: none; adds to cost_reads.
insert into cost_reads by name
select
    subscription_id,
    month,
    basis,
    'export' as source,
    last_day,
    0 as queries,
    $now::timestamp as read_at
from export_months
where not is_kept
