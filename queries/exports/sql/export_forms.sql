-- Question: whose bill is the file, and how does it write costs?
-- Parameters: none.
-- Columns: row_count, rows_here (not of another cloud), elsewhere (the other clouds' names),
--   rows_of_azure (with the id of a subscription), with_comma and with_point (a cost that has one,
--   or null).
select
    count(*) as row_count,
    count(*) filter (not is_elsewhere) as rows_here,
    coalesce(list_sort(list(distinct provider) filter (is_elsewhere)), []) as elsewhere,
    count(*) filter (
        length(subscription_text) = 36
        or contains(subscription_text, '/subscriptions/')
        or contains(resource_text, '/subscriptions/')
    ) as rows_of_azure,
    min(billed_text) filter (contains(billed_text, ',')) as with_comma,
    min(billed_text) filter (contains(billed_text, '.')) as with_point
from export_roles
