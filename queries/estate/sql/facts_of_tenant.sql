-- Question: what is each fact of Azure on this tenant?
-- Parameters: none.
-- Columns: fact, number, rests_on_it (list), state (also `not tested`), code, parameters (JSON),
--   compared, tested_at (UTC; null: never).
with
known as (
    select fact, any_value(number) as number, min(place) as place, list(evidence) as rests_on_it
    from vocabulary_facts
    group by fact
)
select
    known.fact,
    known.number,
    known.rests_on_it,
    coalesce(found.state, 'not tested') as state,
    found.code,
    found.parameters,
    found.compared,
    found.tested_at
from known
left join current_facts as found on found.fact = known.fact
order by known.place
