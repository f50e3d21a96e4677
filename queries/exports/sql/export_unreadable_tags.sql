-- Question: how many rows of the bill have tags that name no endpoint and cannot be read?
-- Parameters: none.
-- Columns: row_count.
select coalesce(sum(given.row_count), 0)::bigint as row_count
from export_read as given
join export_tags as tags on tags.tags = given.tags
where given.is_bill and not tags.is_readable and tags.endpoint is null
