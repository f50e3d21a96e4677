-- Question: what was known of a month of a subscription before it was read anew? Forgets it.
-- Parameters: $subscription_id (lower case), $month (its first day), $basis.
-- Columns: none; deletes from cost_lines.
delete from cost_lines
where subscription_id = $subscription_id and month = $month and basis = $basis
