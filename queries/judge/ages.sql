-- Question: is each deployment younger than the minimum age?
-- Columns: is_new (null: cannot be determined).
-- Only Azure's creation time tells that it is older: a name can be used again, and then a sign of
-- life or an own snapshot of long ago was of its predecessor.
select
    subjects.deployment_key,
    case
        when born_after > asked.as_of - to_days(asked.minimum_age_days) then true
        when created_at is not null then false
    end as is_new
from subjects
cross join asked
