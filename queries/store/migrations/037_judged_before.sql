-- What the days before the window came to for each deployment, when a snapshot judged it last, so
-- that the next one has to count the days since only. All of it can be worked out again.

-- resource: its number, known: the numbers of all ids that it lay under; born_after: what its own
-- days were counted from; before: the first day that is not in here; read_until: when the newest
-- was read that is in here; is_contradicted: whether requests proved nothing; quiet_from: the first
-- of its proven days in a row up to `before` (null: the last day is not proven). The others are the
-- judge's words (queries/judge/lives.sql).
create table judged_before (
    resource integer,
    known integer[],
    born_after timestamp,
    before date,
    read_until timestamp,
    is_contradicted boolean,
    quiet_from date,
    first_ends_at timestamp,
    metrics_begin_on date,
    last_request_at timestamp,
    newest_life_until timestamp
);
