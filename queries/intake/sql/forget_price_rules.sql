-- Question: how did the settings bend the list before? Forgets it.
-- Parameters: none.
-- Columns: none; deletes from price_rules.
delete from price_rules
