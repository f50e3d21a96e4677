-- Question: which cost counted, by the settings of the run before? Forgets it.
-- Parameters: none.
-- Columns: none; deletes from money_rules.
delete from money_rules
