-- Each cost query of a moment ago, refused ones too: Azure's limit counts them across runs.
create table cost_queries (
    scope varchar,
    sent_at timestamp
);
