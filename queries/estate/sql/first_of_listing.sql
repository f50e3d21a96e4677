-- Question: which of the kept deployments come first, by verdict and then by money?
-- Parameters: $verdicts (in their order), $most (rows).
-- Columns: those of current_deployments; total (deployments in all), newest (as_of of the newest).
with
ends as (
    select count(*) as total, max(as_of) as newest
    from listing
)
select listing.*, ends.total, ends.newest
from listing, ends
order by list_position($verdicts, verdict) nulls last, place
limit $most
