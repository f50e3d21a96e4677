-- Question: how does the listing make room for a newer one of the same columns?
-- Parameters: none.
-- Columns: none.
delete from listing
