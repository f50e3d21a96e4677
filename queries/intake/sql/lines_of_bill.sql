-- Question: how many lines of the bill are there, and how many of them name a deployment?
-- Parameters: $subscription_ids (in lower case).
-- Columns: lines, tagged_lines (of months with three billed days at least, by which each running
--   deployment has its lines).
select
    coalesce(sum(lines), 0)::bigint as lines,
    coalesce(sum(tagged_lines), 0)::bigint as tagged_lines
from bill_tagging
where days >= 3 and list_contains($subscription_ids::varchar[], subscription_id)
