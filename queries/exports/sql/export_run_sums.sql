-- Question: what does each run bill by all that tells rows apart?
-- Parameters: none.
-- Columns: none; makes export_run_sums, empty for one run alone (run, export, path: the first that
--   bills it, layout, what tells rows apart, row_count, units, rest).
create or replace temp table export_run_sums as
select
    runs.run, min(runs.export) as export, min(runs.path) as path, files.layout, files.basis,
    given.subscription_id, date_trunc('month', given.day)::date as month, given.day, given.is_bill,
    given.problem, given.resource_key, tags.endpoint, tags.deployment, given.meter, given.meter_kind,
    given.currency, sum(given.row_count) as row_count, sum(given.units) as units, sum(given.rest) as rest
from export_read as given
join export_files as files on files.file = given.file
join (select run, export, file, min(path) as path from export_runs group by all) as runs
    on runs.file = given.file
left join export_tags as tags on tags.tags = given.tags
where (select count(distinct run) from export_runs) > 1
    and (given.is_bill or given.tags is not null)
    and given.subscription_id is not null and given.day is not null
group by all
