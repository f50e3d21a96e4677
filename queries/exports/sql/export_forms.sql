-- Question: whose bill is the file, and how does it write costs?
-- Parameters: none.
-- Columns: row_count, rows_here (not of another cloud), elsewhere (the other clouds' names),
--   rows_of_azure (with the id of a subscription), with_comma (a cost that has one, or null),
--   has_points (whether some cost has one).
select
    count(*) as row_count,
    count(*) filter (not is_elsewhere) as rows_here,
    coalesce(list_sort(list(distinct provider) filter (is_elsewhere)), []) as elsewhere,
    count(*) filter (
        length(subscription_text) = 36
        or contains(subscription_text, '/subscriptions/')
        or contains(resource_text, '/subscriptions/')
    ) as rows_of_azure,
    coalesce(
        min(billed_text) filter (contains(billed_text, ',')),
        min(effective_text) filter (contains(effective_text, ','))
    ) as with_comma,
    coalesce(
        bool_or(contains(billed_text, '.') or contains(effective_text, '.')), false
    ) as has_points
from export_roles
