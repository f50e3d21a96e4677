"""What makes a team's store quick: what stays between two reads, and what is asked only once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from emulator import Workspace, World, steady
from queries.store import library
from queries.store.journal import Happening, write
from tests.scene import NOW, SceneOf
from tests.team.server import Server
from tests.team.stores import TeamDatabase, new_database


@pytest.fixture(scope="module")
def team(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> TeamDatabase:
    """A store with an entry in its journal."""
    database = new_database(postgres, tmp_path_factory.mktemp("engine"))
    write(database.store(), [Happening(NOW, "jo", "tag", "/x", "done")])
    return database


def test_every_table_has_statistics_so_that_none_is_asked_for_at_each_mention(
    team: TeamDatabase,
) -> None:
    without = (
        "select table_name from ducklake_table left join ducklake_table_stats using (table_id)"
        " where end_snapshot is null and record_count is null"
    )
    assert team.sql(without) == []
    doubled = "select count(*) - count(distinct table_id) from ducklake_table_stats"
    assert team.sql(doubled) == ["0"]


def test_a_table_that_had_no_row_is_read_with_the_first_and_without_the_last(
    team: TeamDatabase,
) -> None:
    store = team.store()
    row = {"subscription_id": "s", "month": NOW.date().replace(day=1), "source": "query"}
    columns = ", ".join(f"${name} as {name}" for name in row)
    with store.noting() as connection:
        connection.execute(f"insert into cost_reads by name select {columns}", row)
    for month, found in (("2026-11-01", [("s",)]), ("2026-10-01", [])):
        with store.reading() as connection:
            rows = connection.execute(
                "select subscription_id from cost_reads where month = $month::date",
                {"month": month},
            ).fetchall()
        assert rows == found
    with store.noting() as connection:
        connection.execute("delete from cost_reads")
    with store.reading() as connection:
        assert connection.execute("select count(*) from cost_reads").fetchall() == [(0,)]


def test_what_was_read_once_stays_attached_and_what_others_wrote_is_seen(
    team: TeamDatabase,
) -> None:
    store = team.store()
    with store.reading() as connection:
        before = len(library.ask(connection, "journal"))
    write(team.store("postgres"), [Happening(NOW, "ann", "tag", "/y", "done")])
    attached = store._part().execute("select database_name from duckdb_databases()").fetchall()
    assert ("reading",) in attached
    with store.reading() as connection:
        assert len(library.ask(connection, "journal")) == before + 1


def test_a_connection_that_the_server_ended_meanwhile_is_replaced(team: TeamDatabase) -> None:
    store = team.store()
    for _time in range(2):
        with store.reading() as connection:
            assert library.ask(connection, "journal")
        store.mark_of_change()
        write(store, [Happening(NOW, "jo", "tag", "/x", "done")])
        team.server.end_connections(team.name)


def test_nothing_unsigned_can_be_loaded_once_the_engine_runs(team: TeamDatabase) -> None:
    named = ("allow_unsigned_extensions", "autoinstall_known_extensions")
    with team.store().reading() as connection:
        settings = [f"current_setting('{name}')" for name in named]
        assert connection.execute("select " + ", ".join(settings)).fetchall() == [(False, False)]
        with pytest.raises(duckdb.Error, match="Cannot change"):
            connection.execute("set allow_unsigned_extensions = true")


# As somebody has it who knows DuckLake and nothing of this product.
ANOTHER_ENGINE = """
import sys, duckdb
from queries.store.extensions import load
connection = duckdb.connect()
for name in ("ducklake", "postgres_scanner"):
    load(connection, name)
place = "ducklake:" + sys.argv[1]
connection.execute(f"attach '{place}' as lake (data_path '{sys.argv[2]}', read_only)")
print(connection.execute(sys.argv[3]).fetchall())
"""
SUMS = (
    "select count(*), sum(average), sum(maximum) from {store}.metric_values",
    "select count(*), count(distinct verdict), sum(instance_count) from {store}.listing",
    "select count(*), sum(live_percent) from {store}.traffic_shares",
)


def test_another_program_that_knows_ducklake_reads_the_same_sums(
    postgres: Server, scene_of: SceneOf, world: World, workspace: Workspace, tmp_path: Path
) -> None:
    endpoint = workspace.endpoint("e", traffic={"d-00": 100})
    for number in range(12):
        endpoint.deployment(f"d-{number:02}", requests=steady(number))
    database = new_database(postgres, tmp_path)
    scene = scene_of(world)
    scene.store = database.store()
    scene.snapshot()
    assert list(database.data.glob("**/*.parquet"))
    for sums in SUMS:
        own = scene.sql(sums.format(store="reading"))
        given = [database.catalogue(), str(database.data), sums.format(store="lake")]
        program = [sys.executable, "-c", ANOTHER_ENGINE, *given]
        done = subprocess.run(program, check=True, capture_output=True, text=True)
        assert done.stdout.strip() == str(own)
        assert own[0][0]
