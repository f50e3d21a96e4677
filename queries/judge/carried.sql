-- Question: what did the days before the window come to, when each deployment was judged last?
-- Parameters: $deployment_key (one alone is counted from its first day; null: all).
-- Columns: number; before (the first day to be counted); quiet_from, first_ends_at,
--   metrics_begin_on, last_request_at, newest_life_until (of judged_before). A deployment of which
--   anything before that day may have changed since has no row: all its days are counted.
with
own as (
    select
        number,
        any_value(known_resource) filter (where known_as = deployment_key) as resource,
        list_sort(list(known_resource) filter (where known_resource is not null)) as known
    from known_as
    group by number
),
late_of as (
    select known_as.number, late.day, late.read_at
    from late
    join known_as on known_as.known_resource = late.resource
    union all
    select known_as.number, late.day, late.read_at
    from late
    join known_as on known_as.known_endpoint_resource = late.resource
)
select
    own.number,
    b.before,
    b.quiet_from,
    b.first_ends_at,
    b.metrics_begin_on,
    b.last_request_at,
    b.newest_life_until
from own
join subjects on subjects.number = own.number
join judged_before as b on b.resource = own.resource
cross join asked
where $deployment_key::varchar is null
    and asked.kind = 'snapshot'
    and b.known = own.known
    and b.born_after is not distinct from subjects.born_after
    and b.before <= asked.window_first_day
    and b.read_until <= asked.known_until
    and b.is_contradicted = exists (from contradictions where evidence = 'requests')
    and not exists (
        select 1
        from late_of
        where late_of.number = own.number
            and late_of.day < b.before
            and late_of.read_at >= b.read_until
    )
