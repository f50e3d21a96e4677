-- Question: what are the rows of the bill in FOCUS? Writes them down with times that are UTC.
-- Parameters: $path (of the Parquet file to write).
-- Columns: none; the file has those of focus_file.
copy (
    select * replace (
        timezone('UTC', BillingPeriodEnd) as BillingPeriodEnd,
        timezone('UTC', BillingPeriodStart) as BillingPeriodStart,
        timezone('UTC', ChargePeriodEnd) as ChargePeriodEnd,
        timezone('UTC', ChargePeriodStart) as ChargePeriodStart
    )
    from focus_file
) to $path (format parquet)
