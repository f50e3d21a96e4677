-- Question: which rows stand in an earlier run too? Forgets those of the later one.
-- Parameters: none.
-- Columns: none; deletes from export_read. A file that both runs have stays.
delete from export_read as given
using export_same_months as same, export_files as files
where files.file = given.file
    and files.basis = same.basis
    and given.subscription_id = same.subscription_id
    and date_trunc('month', given.day)::date = same.month
    and (given.is_bill or given.tags is not null)
    and given.file in (select file from export_runs as own where own.run = same.other)
    and given.file not in (select file from export_runs as own where own.run = same.run)
