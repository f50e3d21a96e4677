-- Question: which rows stand in an earlier run too? Forgets those of the later one.
-- Parameters: none.
-- Columns: none; deletes from export_read. A file that both runs have stays.
delete from export_read as given
using export_same_months as same, export_files as files
where files.file = told.file
    and files.basis = same.basis
    and told.subscription_id = same.subscription_id
    and date_trunc('month', told.day)::date = same.month
    and (told.is_bill or told.tags is not null)
    and told.file in (select file from export_runs as own where own.run = same.other)
    and told.file not in (select file from export_runs as own where own.run = same.run)
