-- Question: how does the listing make room for a newer one?
-- Parameters: none.
-- Columns: none.
drop table if exists listing
