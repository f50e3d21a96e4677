-- Question: how is the listing kept from being read, until it is made anew?
-- Parameters: $shape, the sign of the SQL by which the table was made, which stays.
-- Columns: none.
delete from listing_signs
where sign is distinct from $shape
