-- Question: what does each run bill by all that tells rows apart?
-- Parameters: none.
-- Columns: none; makes export_run_sums, empty for one run alone (run, export, path: the first that
--   bills it, layout, what tells rows apart, row_count, units, rest).
create or replace temp table export_run_sums as
select
    runs.run, min(runs.export) as export, min(runs.path) as path, files.layout, files.basis,
    told.subscription_id, date_trunc('month', told.day)::date as month, told.day, told.is_bill,
    told.problem, told.resource_key, tags.endpoint, tags.deployment, told.meter, told.meter_kind,
    told.currency, sum(told.row_count) as row_count, sum(told.units) as units, sum(told.rest) as rest
from export_read as given
join export_files as files on files.file = told.file
join (select run, export, file, min(path) as path from export_runs group by all) as runs
    on runs.file = told.file
left join export_tags as tags on tags.tags = told.tags
where (select count(distinct run) from export_runs) > 1
    and (told.is_bill or told.tags is not null)
    and told.subscription_id is not null and told.day is not null
group by all
