"""A user's SQL on a shared store: a hundred statements and more try to get out, as anybody."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.store.journal import Happening, entries, first_broken, write
from queries.store.user_sql import BadQuestion, answer
from tests.mothball.test_sql_fence import STATEMENTS
from tests.scene import NOW
from tests.team.server import ADDRESS, PASSWORD, SUPERUSER, Server
from tests.team.stores import TeamDatabase, new_database

# {words} reach the server, {data} is the folder of the store's data, {out} a file to be.
TO_THE_SERVER = """
call postgres_execute('store', 'commit; delete from ducklake_table; begin')
from postgres_execute('store', 'delete from ducklake_table')
call postgres_execute('__ducklake_metadata_store', 'delete from ducklake_table')
from postgres_query('store', 'select 1')
from postgres_query('__ducklake_metadata_store', 'select * from pg_authid')
from postgres_query('__ducklake_metadata_store', 'copy (select 1) to program ''touch {out}''')
from postgres_scan('{words}', 'public', 'ducklake_table')
from postgres_scan_pushdown('{words}', 'public', 'ducklake_table')
call postgres_attach('{words}')
from postgres_attach('{words}')
from pg_clear_cache()
attach '{words}' as pg (type postgres)
attach 'ducklake:postgres:{words}' as again
attach 'postgres:{words}' as pg
from __ducklake_metadata_store.ducklake_table
from __ducklake_metadata_store.public.ducklake_metadata
from ducklake_snapshots('store')
from ducklake_table_info('store')
from ducklake_options('store')
call ducklake_expire_snapshots('store', older_than => now())
call ducklake_cleanup_old_files('store', cleanup_all => true)
call ducklake_delete_orphaned_files('store', cleanup_all => true)
call ducklake_flush_inlined_data('store')
call ducklake_merge_adjacent_files('store')
call ducklake_set_option('store', 'parquet_version', '2')
call ducklake_add_data_files('store', 'journal', '{data}/x.parquet')
call store.set_option('parquet_version', '2')
from ducklake_list_files('store', 'journal')
from read_parquet('{data}/**/*.parquet')
from glob('{data}/**')
copy (select 1) to program 'touch {out}'
create secret s (type postgres, host '{address}', password 'x')
load postgres_scanner
load ducklake
install postgres
select pg_read_file('/etc/passwd')
from dblink('{words}', 'select 1')
set pg_use_binary_copy = false
""".strip().splitlines()
# What tells of the database itself, in which nothing is to be found.
TELLING = (
    "from duckdb_databases()",
    "from duckdb_settings()",
    "from duckdb_extensions() where loaded",
    "from duckdb_secrets(redact = false)",
    "from duckdb_logs",
    "from duckdb_temporary_files()",
    "from duckdb_variables()",
    "from pragma_database_list",
    "show all databases",
    "show databases",
    "select current_setting('pg_connection_limit')",
    "from pg_catalog.pg_settings",
    "from duckdb_tables()",
    "from duckdb_views() where not internal",
)


@pytest.fixture(scope="module")
def team(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamDatabase]:
    """A store with a journal, which Ann owns and Bob may only read."""
    folder = tmp_path_factory.mktemp("fence")
    database = new_database(postgres, folder)
    database.sql(f'alter database "{database.name}" owner to ann')
    write(database.store("ann"), [Happening(NOW, "ann", "tag", "/x", "done")])
    database.sql("grant pg_read_all_data to bob")
    (folder / "files").mkdir()
    (folder / "files" / "secret.csv").write_text("a\nthe-secret\n", encoding="utf-8")
    yield database
    database.sql("revoke pg_read_all_data from bob")


@pytest.mark.parametrize("who", ["ann", "bob", SUPERUSER])
def test_no_statement_gets_out_whoever_asks(team: TeamDatabase, who: str) -> None:
    store, folder = team.store(who), team.data.parent / "files"
    before = team.sql("select max(snapshot_id) from ducklake_snapshot", "select * from pg_authid")
    given = {
        "file": folder / "secret.csv",
        "folder": folder,
        "store": team.data.parent / "store.duckdb",
        "words": f"host={ADDRESS} port={team.server.port} user={who} dbname={team.name}",
        "address": ADDRESS,
        "data": team.data,
        "out": folder / "out",
    }
    with store.reading():  # opening it anew for each is what takes the time
        for statement in [*STATEMENTS, *TO_THE_SERVER]:
            with pytest.raises(BadQuestion) as caught:
                answer(store, statement.format(**given))
            assert "\n" not in str(caught.value), statement
            assert "the-secret" not in str(caught.value), statement
    assert os.listdir(folder) == ["secret.csv"]
    after = team.sql("select max(snapshot_id) from ducklake_snapshot", "select * from pg_authid")
    assert after == before
    assert len(entries(store)) == 1
    assert first_broken(store) is None


@pytest.mark.parametrize("question", TELLING)
def test_what_is_told_of_the_database_names_no_server_and_no_password(
    team: TeamDatabase, question: str
) -> None:
    try:
        found = json.dumps(answer(team.store(), question).rows, default=str)
    except BadQuestion as error:
        found = str(error)
    for secret in (PASSWORD, str(team.server.port), team.name, str(team.data), "ducklake:"):
        assert secret not in found


def test_what_a_statement_names_is_there_as_in_a_file(team: TeamDatabase) -> None:
    question = (
        "with j as (from store.main.journal) select j.actor, d.n"
        ' from j, (select count(*) as n from "Current_Deployments") d'
    )
    assert answer(team.store("bob"), question).rows == (("ann", 0),)
    assert answer(team.store("bob"), "describe journal").rows[0][0] == "sequence"
    assert answer(team.store("bob"), "select journal.target from main.journal").rows == (("/x",),)


def test_the_limit_of_time_holds_for_what_is_copied_too(team: TeamDatabase) -> None:
    with pytest.raises(BadQuestion, match=r"no answer within 0 s.*--time-limit"):
        answer(team.store(), "from judged_deployments", 0.0)


def test_nothing_of_a_question_stays_behind(team: TeamDatabase, tmp_path: Path) -> None:
    store = team.store()
    answer(store, "from journal")
    engine = store._engine
    assert engine is not None
    with store.reading() as connection:
        names = connection.execute("select database_name from duckdb_databases()").fetchall()
    assert ("asked",) not in names
