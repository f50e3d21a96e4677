-- Question: which metric values are to be counted?
-- Columns: number (of the deployment that they are about); those of measured_points.
select known_as.number, p.*
from measured_points as p
join known_as on known_as.known_resource = p.resource
join carried on carried.number = known_as.number and p.starts_at >= carried.before
where p.starts_at >= getvariable('since')
union all
select anew.number, p.*
from measured_points as p
join anew on anew.known_resource = p.resource
where p.resource between getvariable('span').first and getvariable('span').last
