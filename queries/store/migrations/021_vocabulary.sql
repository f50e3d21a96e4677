-- The words that verdicts and their groups are made of, for SQL; queries/vocabulary.py is their source.

-- place: the order in which verdicts are tried, null for what only a line of the bill is said to
-- be; attention: what wants to be looked at first; verdict_group: serves-nobody, kept, in-use,
-- not-judged or pay-per-use; load_barrier: the code of why its load says nothing of its size.
create table vocabulary_verdicts (
    verdict varchar,
    place integer,
    attention integer,
    verdict_group varchar,
    may_be_retired boolean,
    load_barrier varchar
);

-- is_online: it splits live traffic; is_measured: Azure Monitor holds its metrics.
create table vocabulary_kinds (
    kind varchar,
    place integer,
    is_online boolean,
    is_measured boolean
);

create table vocabulary_roles (
    role varchar,
    place integer
);

-- By which words the tables above were written.
create table vocabulary_signs (
    sign varchar
);
