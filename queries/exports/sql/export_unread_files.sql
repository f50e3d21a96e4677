-- Question: of which files can no row of the bill count, and why?
-- Parameters: none.
-- Columns: file (its number), row_count, problem (the most frequent).
select file, sum(row_count)::bigint as row_count, arg_max(problem, row_count) as problem
from export_read
where is_bill
group by file
having count(*) filter (problem is null) = 0
order by file
