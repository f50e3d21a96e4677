-- How long Azure asked to send no cost query, to a scope or (null) to any; it holds across runs.
create table cost_waits (
    scope varchar,
    until timestamp
);
