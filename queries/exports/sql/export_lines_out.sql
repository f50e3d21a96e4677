-- Question: what do the files bill? Writes it down for the store to read.
-- Parameters: $path (of the Parquet file to write).
-- Columns: none; the file has those of export_lines.
copy (from export_lines) to $path (format parquet)
