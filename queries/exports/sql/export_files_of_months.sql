-- Question: which files hold lines of which months of the bill?
-- Parameters: none.
-- Columns: subscription_id, month (its first day), basis, file (number).
select distinct
    given.subscription_id, date_trunc('month', given.day)::date as month, files.basis, given.file
from export_read as given
join export_files as files on files.file = given.file
where given.subscription_id is not null and given.day is not null
order by all
