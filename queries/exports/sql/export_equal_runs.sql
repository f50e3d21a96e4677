-- Question: which runs bill a month just as an earlier one does?
-- Parameters: none.
-- Columns: path (of the earliest such run), other_path, subscription_id, month.
select
    min_by(a.path, a.run) as path, min(b.path) as other_path, same.subscription_id, same.month
from export_same_months as same
join (select run, min(path) as path from export_runs group by run) as a on a.run = same.run
join (select run, min(path) as path from export_runs group by run) as b on b.run = same.other
group by same.other, same.basis, same.subscription_id, same.month
order by other_path, same.subscription_id, same.month
