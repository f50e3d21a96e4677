-- Question: how many rows has each file, and do they show a bill as charged or amortized?
-- Parameters: none.
-- Columns: file (number), row_count, rows_amortized (that only an amortized bill has), rows_actual
--   (that only a bill as charged has); a file without rows is absent.
select
    file,
    sum(row_count)::bigint as row_count,
    sum(rows_amortized)::bigint as rows_amortized,
    sum(rows_actual)::bigint as rows_actual
from export_read
group by file
