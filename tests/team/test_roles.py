"""Three roles in the catalogue's database, and a journal that is only added to."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.session import Refusal
from actions.tags.tag import tag
from emulator import Workspace, World
from queries.estate.questions import current_deployments
from queries.store.file import StoreFailure
from queries.store.journal import Happening, entries, first_broken, write
from queries.store.shared import SharedStore
from tests.scene import NOW, Scene, SceneOf
from tests.team.conftest import Command
from tests.team.server import Server
from tests.team.stores import TeamDatabase, new_database

PARTS = {"ann": "owner", "bob": "operator", "eve": "reader"}
# What an operator may try on the server itself; {rows} is the table of the journal's rows.
AGAINST_THE_JOURNAL = """
insert into ducklake_inlined_delete_{table} values (1, 1, 1)
update {rows} set actor = 'eve'
update {rows} set end_snapshot = begin_snapshot
delete from {rows}
truncate {rows}
drop table {rows}
alter table {rows} disable trigger all
alter table {rows} rename to gone
drop trigger mothball_rows on {rows}
set session_replication_role = replica
create or replace function mothball_adds_only() returns trigger language sql as 'select 1'
update ducklake_table set end_snapshot = 1 where table_name = 'journal'
delete from ducklake_table where table_name = 'journal'
insert into ducklake_table select * from ducklake_table where table_name = 'journal'
update ducklake_column set end_snapshot = 1 where table_id = {table}
delete from ducklake_inlined_data_tables where table_id = {table}
insert into ducklake_delete_file (delete_file_id, table_id) values (1, {table})
delete from ducklake_snapshot where snapshot_id > 1
update ducklake_snapshot set snapshot_id = snapshot_id + 1
update ducklake_schema set schema_name = 'other'
update ducklake_metadata set value = '/tmp' where key = 'data_path'
set role team_owner
""".strip().splitlines()


@pytest.fixture(scope="module")
def team(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamDatabase]:
    """A store that was made ready, with a part for everybody."""
    database = new_database(postgres, tmp_path_factory.mktemp("roles"))
    names = database.store().give_rights()
    database.sql(*[f"grant {names[part]} to {who}" for who, part in PARTS.items()])
    yield database
    database.sql(*[f"revoke {names[part]} from {who}" for who, part in PARTS.items()])


@pytest.fixture
def scene(scene_of: SceneOf, world: World, workspace: Workspace, team: TeamDatabase) -> Scene:
    """A tenant with one deployment, seen by an operator."""
    workspace.endpoint("fraud").deployment("old")
    scene = scene_of(world)
    scene.store = team.store("bob")
    return scene


def test_an_operator_works_a_reader_reads_and_is_refused_before_azure_is_asked(
    scene: Scene, team: TeamDatabase
) -> None:
    scene.snapshot()
    scene.snapshot()
    row = scene.rows()["fraud/old"]
    tag(scene.session(), row, {"owner": "jo@contoso.example"}, ())
    before = len(entries(team.store("bob")))
    assert before == 2
    reading = team.store("eve")
    assert [row.deployment for row in current_deployments(reading)] == ["old"]
    scene.azure.forget()
    with pytest.raises(Refusal, match="you may only read the store 'team'.*operator"):
        tag(scene.session(store=reading), row, {"owner": "eve@contoso.example"}, ())
    assert scene.azure.requests == []
    with pytest.raises(StoreFailure, match="your role may not do that"):
        write(reading, [Happening(NOW, "eve", "tag", "/x", "done")])
    assert len(entries(team.store("ann"))) == before


def test_an_operator_adds_to_the_journal_and_neither_changes_nor_removes(
    team: TeamDatabase,
) -> None:
    store = team.store("bob")
    write(store, [Happening(NOW, "bob", "tag", f"/{number}", "done") for number in range(30)])
    known = entries(store)
    assert len(known) >= 30
    assert list((team.data / "main" / "journal").glob("*.parquet")) == []
    (found,) = team.sql(
        "select table_id, inlined.table_name from ducklake_table as of_all"
        " join ducklake_inlined_data_tables as inlined using (table_id)"
        " where of_all.table_name = 'journal'"
    )
    table, rows = found.split("|")
    for statement in AGAINST_THE_JOURNAL:
        with pytest.raises(subprocess.CalledProcessError):
            team.sql(statement.format(rows=rows, table=table), user="bob")
    for statement in ("delete from journal", "update journal set actor = 'eve'"):
        with pytest.raises(StoreFailure, match="the journal can only be added to"):
            _do(store, statement)
    with pytest.raises(StoreFailure):
        _do(store, "drop table journal")
    assert entries(store) == known
    assert first_broken(store) is None


def test_not_even_an_owner_changes_a_row_of_it_by_the_way(team: TeamDatabase) -> None:
    write(team.store("ann"), [Happening(NOW, "ann", "tag", "/x", "done")])
    with pytest.raises(StoreFailure, match="the journal can only be added to"):
        _do(team.store("ann"), "delete from journal")


def _do(store: SharedStore, statement: str) -> None:
    with store.noting() as connection:
        connection.execute(statement)


def test_a_store_is_made_ready_by_a_command_as_often_as_one_likes(
    postgres: Server, command: Command, tmp_path: Path
) -> None:
    database = new_database(postgres, tmp_path)
    settings = database.settings(tmp_path)
    for _time in range(2):
        result = command("store", "init", "team", "--config", settings)
        assert result.code == 0, result.err
        assert "grant team_operator to" in result.out
        assert "can only be added to" in result.err
    printed = command("store", "init", "team", "--config", settings, "--print")
    assert "create role" in printed.out
    database.sql(printed.out)
    asked = "select has_table_privilege('team_reader', 'ducklake_table', 'insert')"
    assert database.sql(asked) == ["f"]


def test_a_store_that_knows_no_roles_says_so(command: Command, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    words = f'catalogue = "{tmp_path}/t.ducklake"\ndata = "{tmp_path}/data"\n'
    settings.write_text(f'[stores.team]\n{words}[stores."the-team"]\n{words}')
    result = command("store", "init", "team", "--config", settings)
    assert (result.code, "which knows no roles" in result.one_line()) == (1, True)
    assert command("store", "init", "other", "--config", settings).code == 2
    assert "the-team" in command("store", "init", "the-team", "--print", "--config", settings).err
