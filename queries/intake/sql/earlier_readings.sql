-- Question: which creations were read before as later than they are reported now, or as the same one
-- rounded otherwise?
-- Parameters: $deployment_keys, $reported (lists of one length; UTC), $same_within_seconds (what two
-- readings of one creation differ by at most).
-- Columns: deployment_key, created_at (UTC: the latest that any snapshot or guard read).
with
wanted as (
    select
        unnest($deployment_keys::varchar[]) as deployment_key,
        unnest($reported::timestamp[]) as reported_at
),
known as (
    select d.deployment_key, max(d.created_at) as created_at
    from deployments as d
    semi join wanted using (deployment_key)
    where d.created_at is not null
    group by d.deployment_key
)
select known.deployment_key, known.created_at
from known
join wanted using (deployment_key)
where known.created_at <> wanted.reported_at
    and wanted.reported_at - known.created_at < to_seconds($same_within_seconds)
