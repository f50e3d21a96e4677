-- Question: which months of which subscriptions were read, and up to when do they hold?
-- Parameters: $basis (ActualCost or AmortizedCost).
-- Columns: subscription_id (lower case), month (its first day), source (query or export),
--   holds_until (UTC: when it was read; of an export that holds only the beginning of a month, the
--   end of its last day).
select
    subscription_id,
    month,
    source,
    case
        when source = 'query' or last_day = last_day(month) then read_at
        else last_day + interval 1 day
    end as holds_until
from cost_reads
where basis = $basis
