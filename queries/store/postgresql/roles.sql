-- Question: how do people get rights to a team's store, by three roles?
-- Parameters: {reader}, {operator}, {owner}, the names of the roles. In PostgreSQL's dialect; it may
--   be run again at any time, by whoever owns the tables and may create roles.
-- Columns: none.
do $$
declare
    name text;
    table_name text;
    database text := current_database();
    home text := (
        select relnamespace::regnamespace from pg_class where oid = 'ducklake_snapshot'::regclass
    );
begin
    foreach name in array array['{reader}', '{operator}', '{owner}'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
        end if;
        execute format('grant connect on database %I to %I', database, name);
        execute format('grant usage on schema %I to %I', home, name);
    end loop;
    execute format('grant %I to %I', '{reader}', '{operator}');
    execute format('grant %I to %I', '{operator}', '{owner}');
    execute format('grant %I to current_user', '{owner}');
    -- DuckLake says `create table if not exists` of these as it takes rows away, for which PostgreSQL
    -- wants the right to make tables of whoever does it; that everybody reads them, they are made now.
    execute format('grant create on schema %I to %I', home, '{operator}');
    for table_name in select 'ducklake_inlined_delete_' || table_id from ducklake_table loop
        execute format(
            'create table if not exists %I.%I (file_id bigint, row_id bigint, begin_snapshot bigint)',
            home, table_name
        );
    end loop;
    for table_name in
        select relname from pg_class
        where relnamespace = home::regnamespace and relkind = 'r' and relname like 'ducklake%'
    loop
        execute format('alter table %I.%I owner to %I', home, table_name, '{owner}');
        execute format('grant select on %I.%I to %I', home, table_name, '{reader}');
        execute format(
            'grant insert, update, delete on %I.%I to %I', home, table_name, '{operator}'
        );
    end loop;
    -- Which snapshots of the catalogue there were, and where its data are: nobody but an owner
    -- takes that back.
    foreach table_name in array array[
        'ducklake_metadata', 'ducklake_schema', 'ducklake_snapshot', 'ducklake_snapshot_changes'
    ] loop
        execute format(
            'revoke update, delete on %I.%I from %I', home, table_name, '{operator}'
        );
    end loop;
    execute format('revoke insert on %I.ducklake_metadata from %I', home, '{operator}');
end
$$;
