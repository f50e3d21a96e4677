-- Question: by what was the listing made?
-- Parameters: $sign.
-- Columns: none.
insert into listing_signs values ($sign)
