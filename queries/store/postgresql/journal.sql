-- Question: how is a journal only added to, whoever writes?
-- Parameters: {owner}, the role that may change the tables of the catalogue themselves. In
--   PostgreSQL's dialect; it may be run again at any time, by whoever owns the tables.
-- Columns: none.
-- The rows are in the catalogue (inlined); DuckLake takes one away by an UPDATE of its row, or by
-- rows elsewhere in the catalogue that hide it.
create or replace function mothball_adds_only() returns trigger language plpgsql as $$
begin
    raise exception 'the journal can only be added to';
end
$$;

create or replace function mothball_owner_only() returns trigger language plpgsql as $$
begin
    if pg_has_role(current_user, '{owner}', 'member') then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    raise exception 'the journal can only be added to';
end
$$;

do $$
declare
    journal bigint := (
        select table_id from ducklake_table
        where table_name = 'journal' and end_snapshot is null
    );
    rows_of_it text;
    place record;
begin
    for rows_of_it in
        select table_name from ducklake_inlined_data_tables where table_id = journal
    loop
        execute format('drop trigger if exists mothball_rows on %I', rows_of_it);
        execute format('drop trigger if exists mothball_all on %I', rows_of_it);
        execute format(
            'create trigger mothball_rows before update or delete on %I'
            ' for each row execute function mothball_adds_only()', rows_of_it
        );
        execute format(
            'create trigger mothball_all before truncate on %I'
            ' for each statement execute function mothball_adds_only()', rows_of_it
        );
    end loop;
    for place in
        select * from (values
            ('ducklake_table', 'update or delete', 'old'),
            ('ducklake_column', 'update or delete', 'old'),
            ('ducklake_column', 'insert', 'new'),
            ('ducklake_data_file', 'update or delete', 'old'),
            ('ducklake_delete_file', 'insert', 'new'),
            ('ducklake_inlined_data_tables', 'update or delete', 'old')
        ) as places (table_name, what, side)
    loop
        execute format(
            'drop trigger if exists %I on %I', 'mothball_' || place.side, place.table_name
        );
        execute format(
            'create trigger %I before %s on %I for each row when (%s.table_id = %s)'
            ' execute function mothball_owner_only()',
            'mothball_' || place.side, place.what, place.table_name, place.side, journal
        );
    end loop;
    rows_of_it := 'ducklake_inlined_delete_' || journal;
    execute format('drop trigger if exists mothball_rows on %I', rows_of_it);
    execute format(
        'create trigger mothball_rows before insert on %I'
        ' for each row execute function mothball_adds_only()', rows_of_it
    );
    drop trigger if exists mothball_name on ducklake_table;
    create trigger mothball_name before insert on ducklake_table
        for each row when (new.table_name = 'journal') execute function mothball_owner_only();
end
$$;
