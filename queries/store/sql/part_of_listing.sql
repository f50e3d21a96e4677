-- Question: which deployments of the list stand between two places? Puts them into the listing.
-- Parameters: $after (their place comes after it), $through (or is it at most). It reads the temporary
--   tables `listed_now` and `places`.
-- Columns: none; inserts into listing.
insert into listing
select listed.*, places.place
from temp.listed_now as listed
join temp.places as places on places.deployment_key = listed.deployment_key
where places.place > $after and places.place <= $through
order by places.place
