-- Question: of which deployments is every day to be counted?
-- Columns: number, known_resource (of known_as). All but those that were counted before.
select known_as.number, known_as.known_resource
from known_as
left join carried on carried.number = known_as.number
where carried.number is null
