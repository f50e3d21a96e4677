-- Question: what of an archive was about to be created, and has not come to its end in the journal?
-- Parameters: $archive (its name).
-- Columns: target_key (the id in lower case), begun_at (UTC, the first such intent).
-- What failed or was stopped is open too: a part of it may stand.
with
noted as (
    select lower(target) as target_key, sequence, happened_at, outcome
    from journal
    where action = 'restore' and json_extract_string(evidence, '$.archive') = $archive
)
select intended.target_key, min(intended.happened_at) as begun_at
from noted as intended
left join noted as ended
    on ended.target_key = intended.target_key
    and ended.outcome = 'done'
    and ended.sequence > intended.sequence
where intended.outcome = 'intended' and ended.sequence is null
group by intended.target_key
