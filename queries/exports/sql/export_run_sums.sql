-- Question: what does each run bill by all that tells rows apart, and which runs bill a month alike?
-- Parameters: none.
-- Columns: none; makes, empty for one run alone, export_run_sums (run, export, path: the first that
--   bills it, layout, what tells rows apart, row_count, units, rest) and export_same_months (run,
--   other: the later of two that are equal in all of these, basis, subscription_id, month).
create or replace temp table export_run_sums as
select
    runs.run, min(runs.export) as export, min(runs.path) as path, files.layout, files.basis,
    told.subscription_id, date_trunc('month', told.day)::date as month, told.day, told.is_bill,
    told.problem, told.resource_key, tags.endpoint, tags.deployment, told.meter, told.meter_kind,
    told.currency, sum(told.row_count) as row_count, sum(told.units) as units, sum(told.rest) as rest
from export_told as told
join export_files as files on files.file = told.file
join (select run, export, file, min(path) as path from export_runs group by all) as runs
    on runs.file = told.file
left join export_tags as tags on tags.tags = told.tags
where (select count(distinct run) from export_runs) > 1
    and (told.is_bill or told.tags is not null)
    and told.subscription_id is not null and told.day is not null
group by all;

create or replace temp table export_same_months as
with
prints as (
    select
        run, layout, basis, subscription_id, month, count(*) as sums,
        sum(hash(
            day, is_bill, problem, resource_key, endpoint, deployment, meter, meter_kind, currency,
            row_count, units, rest
        )) as print
    from export_run_sums
    group by run, layout, basis, subscription_id, month
)
select a.run, b.run as other, a.basis, a.subscription_id, a.month
from prints as a
join prints as b using (layout, basis, subscription_id, month, sums, print)
where b.run > a.run
