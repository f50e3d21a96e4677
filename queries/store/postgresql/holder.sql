-- Question: who holds the lock of writers in the catalogue's database?
-- Parameters: {lock}, the lock's number. In PostgreSQL's dialect.
-- Columns: the name of the role, and from where.
select coalesce(max(usename || coalesce(' at ' || host(client_addr), '')), 'unknown')
from pg_locks
join pg_stat_activity using (pid)
where locktype = 'advisory'
    and granted
    and pg_locks.database = (select oid from pg_database where datname = current_database())
    and (classid::bigint << 32) + objid::bigint = {lock}
