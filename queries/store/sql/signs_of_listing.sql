-- Question: by what was the listing made?
-- Parameters: none.
-- Columns: sign.
select sign
from listing_signs
