-- Question: what was known of the months that the export replaces? Forgets its lines.
-- Parameters: none.
-- Columns: none; deletes from cost_lines.
delete from cost_lines
using export_months as months
where not months.is_kept
    and cost_lines.subscription_id = months.subscription_id
    and cost_lines.month = months.month
    and cost_lines.basis = months.basis
