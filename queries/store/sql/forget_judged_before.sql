-- Question: how are all days counted again, where what they rest on was trimmed?
-- Parameters: none.
-- Columns: none.
delete from judged_before
