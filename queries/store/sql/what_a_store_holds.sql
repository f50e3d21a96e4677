-- Question: how much is there in a store that a copy would go to?
-- Parameters: none.
-- Columns: rows.
select
    (select count(*) from snapshots)
    + (select count(*) from journal)
    + (select count(*) from cost_sums) as rows
