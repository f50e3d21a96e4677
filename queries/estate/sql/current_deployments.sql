-- Question: what is the newest that is known of each deployment?
-- Parameters: none.
-- Columns: those of the view listed_now; place (in the order of the list, from 1).
select
    listed.*,
    row_number() over (
        order by
            listed.kind <> 'managed',
            listed.list_price_per_month is not null,
            listed.ranking_amount desc nulls first,
            workspace, endpoint, deployment
    ) as place
from listed_now as listed
order by place
