-- The ledger of tags: what was written to whom, since pipelines drop tags. The journal holds every
-- write for good and in a chain, so the ledger is read from it and cannot get out of step with it.

-- Each tag that was set, or removed (value null), as `done` entries of the journal tell.
-- created_at is that of the deployment when it was tagged; null: it was not known.
create view tag_ledger as
with
entries as (
    select
        sequence,
        happened_at as written_at,
        actor,
        action,
        reason,
        target as id,
        '/' || lower(trim(target, ' /')) as resource_key,
        case when json_valid(evidence) then evidence::json end as told
    from journal
    where outcome = 'done' and contains(evidence, '"set": {')
),
words as (
    select
        entries.*,
        unnest(map_entries(try_cast(told -> '$.set' as map(varchar, varchar)))) as word
    from entries
    union all
    select
        entries.*,
        {
            'key': unnest(
                try_cast(coalesce(told -> '$.remove', told -> '$.removed') as varchar[])
            ),
            'value': null::varchar
        }
    from entries
)
select
    sequence,
    written_at,
    actor,
    action,
    reason,
    id,
    resource_key,
    word.key as name,
    word.value as value,
    try_cast(told ->> '$.created_at' as timestamp) as created_at
from words;

-- The last word on each tag; names compare without case.
create view written_tags as
select *
from tag_ledger
qualify
    row_number() over (
        partition by resource_key, lower(trim(name))
        order by sequence desc, value is null
    ) = 1;

-- Where a snapshot found other tags than were written before it. found is null: the tag is lost.
-- was_recreated: whether the deployment is a later one of the same name; null: it cannot be told.
create view tag_drift as
select
    d.snapshot_id,
    d.deployment_key,
    w.sequence,
    w.name,
    w.value,
    found.value as found,
    w.written_at,
    w.actor as written_by,
    w.created_at as tagged_created_at,
    abs(epoch(d.created_at) - epoch(w.created_at)) >= 1 as was_recreated
from written_tags as w
join deployments as d on d.deployment_key = w.resource_key
join snapshots as s on s.snapshot_id = d.snapshot_id and s.started_at > w.written_at
left join tags as found
    on found.snapshot_id = d.snapshot_id
    and found.resource_key = d.deployment_key
    and lower(trim(found.name)) = lower(trim(w.name))
where w.value is not null and found.value is distinct from w.value;
