-- What tells by which SQL the listing was made, and whether it still holds: so far it was made with
-- the listing, now it is there before, so that who writes needs no right to make tables.
create table if not exists listing_signs (sign varchar);
