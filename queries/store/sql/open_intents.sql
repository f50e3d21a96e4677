-- Question: which deletions were about to be sent, and have no end in the journal?
-- Parameters: none.
-- Columns: action, target, happened_at (UTC), evidence (JSON object).
-- An intent and its end name the same archive, so the refusal of a later run ends none.
with
noted as (
    select
        *,
        lower(target) as target_key,
        json_extract_string(evidence, '$.archive') as archive
    from journal
    where action in ('delete', 'delete-endpoint') and outcome <> 'planned'
)
select intended.action, intended.target, intended.happened_at, intended.evidence
from noted as intended
left join noted as ended
    on ended.target_key = intended.target_key
    and ended.archive = intended.archive
    and ended.sequence > intended.sequence
where intended.outcome = 'intended' and ended.sequence is null
order by intended.sequence
