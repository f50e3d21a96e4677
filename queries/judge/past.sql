-- Question: what do the days before the window come to, for the next snapshot?
-- Columns: those of the table judged_before. None of a guard, which asks about an hour at a time.
with
own as (
    select
        number,
        any_value(known_resource) filter (where known_as = deployment_key) as resource,
        list_sort(list(known_resource) filter (where known_resource is not null)) as known
    from known_as
    group by number
)
select
    own.resource,
    own.known,
    subjects.born_after,
    asked.window_first_day as before,
    least(asked.known_until, (select max(read_at) from metric_answers)) as read_until,
    exists (from contradictions where evidence = 'requests') as is_contradicted,
    silence.quiet_before as quiet_from,
    lives.older_first_ends_at as first_ends_at,
    lives.older_begin_on as metrics_begin_on,
    lives.older_request_at as last_request_at,
    lives.older_life_until as newest_life_until
from own
cross join asked
join subjects on subjects.number = own.number
left join lives on lives.number = own.number
left join silence on silence.deployment_key = subjects.deployment_key
where asked.kind = 'snapshot' and subjects.kind = 'managed' and own.resource is not null
