-- Question: how is the listing kept from being read, until it is made anew?
-- Parameters: none.
-- Columns: none.
create or replace table listing_signs (sign varchar)
