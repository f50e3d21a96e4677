-- Question: which days of which subscriptions do the files cover, billed or not?
-- Parameters: $path (of the Parquet file to write).
-- Columns: none; the file has subscription_id, basis, month and day.
copy (
    select distinct
        given.subscription_id, files.basis, date_trunc('month', given.day)::date as month, given.day
    from export_read as given
    join export_files as files on files.file = given.file
    where given.subscription_id is not null and given.day is not null
) to $path (format parquet)
