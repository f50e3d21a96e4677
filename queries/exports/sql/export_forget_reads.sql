-- Question: when were the months read that the export replaces? Forgets it.
-- Parameters: none.
-- Columns: none; deletes from cost_reads.
delete from cost_reads
using export_months as months
where not months.is_kept
    and cost_reads.subscription_id = months.subscription_id
    and cost_reads.month = months.month
    and cost_reads.basis = months.basis
