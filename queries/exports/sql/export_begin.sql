-- Question: where are the rows of all files summed? Makes the empty table.
-- Parameters: none.
-- Columns: none; makes export_read, one row per file, subscription, day and what else tells bill
--   lines apart. The cost is exact to 28 decimals: units of 1e-18, rest of 1e-28. meter is a hash,
--   meter_kind the column that it is from (null: the file names no meter), meter_name as written;
--   quantity is in unit; rows_amortized and
--   rows_actual count what only an amortized or an actual bill can say; problem is why a row of the
--   bill cannot count.
create or replace temp table export_read (
    file integer,
    subscription_id varchar,
    day date,
    is_bill boolean,
    problem varchar,
    resource_key varchar,
    tags varchar,
    currency varchar,
    meter ubigint,
    meter_kind integer,
    unit varchar,
    meter_name varchar,
    quantity decimal(38, 18),
    row_count bigint,
    units hugeint,
    rest hugeint,
    rows_amortized bigint,
    rows_actual bigint
)
