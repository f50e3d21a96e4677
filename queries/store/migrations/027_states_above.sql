-- In what state the subscription and the workspace of each deployment are, as Azure spells it;
-- null: not reported. purged_at: until when a workspace that is deleted softly is listed.
alter table subscriptions add column state varchar;
alter table workspaces add column provisioning_state varchar;
alter table workspaces add column soft_deleted_at timestamp;
alter table workspaces add column purged_at timestamp;

create or replace view current_workspaces as
select w.*, s.started_at as as_of
from workspaces as w
join snapshots as s on s.snapshot_id = w.snapshot_id
join newest_reads as newest
    on newest.workspace_key = w.workspace_key
    and newest.snapshot_id = w.snapshot_id;

-- The states of a subscription, in lower case; queries/vocabulary.py is their source.
create table vocabulary_subscriptions (
    state varchar,
    place integer,
    refuses_writes boolean
);
