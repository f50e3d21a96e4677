-- Question: which days of which subscriptions do the files tell of, billed or not?
-- Parameters: $path (of the Parquet file to write).
-- Columns: none; the file has subscription_id, basis, month and day.
copy (
    select distinct
        told.subscription_id, files.basis, date_trunc('month', told.day)::date as month, told.day
    from export_told as told
    join export_files as files on files.file = told.file
    where told.subscription_id is not null and told.day is not null
) to $path (format parquet)
