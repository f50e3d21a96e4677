-- Question: which evidence does Azure contradict, by what it showed on this tenant?
-- Columns: evidence (of vocabulary_facts); gap (JSON: what a verdict lacks that rests on it). Whoever asks
--   Resource Manager itself, as a guard does, does not rest on what is Resource Graph's.
select
    words.evidence,
    json_object(
        'code', 'azure-fact-contradicted',
        'fact', words.fact,
        'number', words.number,
        'evidence', words.evidence,
        'on', facts.tested_at::date
    ) as gap
from current_facts as facts
join vocabulary_facts as words on words.fact = facts.fact
cross join asked
where facts.state = 'contradicted'
    and (asked.kind = 'snapshot' or not words.of_the_graph)
order by words.place
