-- Question: which sums stand in an earlier run too? Forgets those of the later one.
-- Parameters: none.
-- Columns: none; deletes from export_run_sums.
delete from export_run_sums as sums
using export_same_months as same
where sums.run = same.other
    and sums.basis = same.basis
    and sums.subscription_id = same.subscription_id
    and sums.month = same.month
