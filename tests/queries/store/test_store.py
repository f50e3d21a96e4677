"""The store: migrations, turns, whose it is, what a crash leaves, and no secret in its bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from emulator import Fault, Workspace, at
from queries.estate.questions import current_deployments, raw_of, snapshots
from queries.store.append import append
from queries.store.file import (
    NoStore,
    Store,
    StoreBusy,
    StoreFailure,
    StoreUnreadable,
    WrongStore,
)
from queries.store.migrate import MIGRATIONS, applied, migrate
from tests.scene import NOW, Scene

SECRET = "hunter2-never-in-the-store"


def test_a_store_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    store = Store(tmp_path / "none.duckdb")
    with pytest.raises(NoStore, match="mothball snapshot"), store.reading():
        pass
    assert not store.path.exists()


def test_the_mark_of_a_store_changes_with_each_write_and_with_no_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    assert store.mark_of_change() is None
    marks = []
    for _time in range(2):
        with store.writing() as connection:
            connection.execute("insert into journal (sequence) values (1)")
        marks.append(store.mark_of_change())
        with store.reading():
            pass
        marks.append(store.mark_of_change())
    assert None not in marks
    assert marks[0] == marks[1] != marks[2] == marks[3]
    assert store.writes == 2


def test_every_migration_is_in_the_ledger_once_and_in_order(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "s.duckdb")
    for _time in range(2):
        with store.writing() as connection:
            assert applied(connection) == {path.name for path in MIGRATIONS.glob("*.sql")}
    with store.reading() as connection:
        names = connection.execute("select name from migrations order by rowid").fetchall()
    assert [name for (name,) in names] == sorted(path.name for path in MIGRATIONS.glob("*.sql"))


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    with store.writing() as connection:
        connection.execute("insert into migrations values ('999_future.sql', now()::timestamp)")
    with pytest.raises(WrongStore, match="update it"), store.writing():
        pass


def test_a_store_of_a_newer_version_is_refused_for_reading_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    with store.writing() as connection:
        connection.execute("insert into migrations values ('999_future.sql', now()::timestamp)")
    with pytest.raises(WrongStore, match="update it"), store.reading():
        pass


def test_a_file_that_is_no_store_is_reported_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    path.write_bytes(b"this is no database at all" * 1000)
    for use in (Store(path).reading, Store(path).writing):
        with pytest.raises(StoreUnreadable) as caught, use():
            pass
        assert "\n" not in str(caught.value)


def test_a_database_without_our_tables_is_reported_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(StoreFailure):
        current_deployments(Store(path))


def test_an_error_while_writing_undoes_the_whole(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")

    def write_and_fail() -> None:
        with store.writing() as connection:
            append(connection, "store_identity", [{"cloud": "x", "tenant_id": "y"}])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.reading() as connection:
        assert connection.execute("select * from store_identity").fetchall() == []


def test_reading_cannot_write(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    with store.writing():
        pass
    with store.reading() as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("create table t (a integer)")


def _never(seconds: float) -> None:
    pytest.fail(f"waited {seconds} s for its own process")


class _Holder:
    """Another process that holds the file until it is told to let go."""

    def __init__(self, path: Path) -> None:
        code = (
            "import sys, duckdb; c = duckdb.connect(sys.argv[1]);"
            "print('held', flush=True); sys.stdin.readline(); c.close()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"held\n"

    def let_go(self, _seconds: float = 0.0) -> None:
        if self.process.poll() is None:
            self.process.communicate(b"\n")


def test_a_busy_file_is_waited_for_and_told_once(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store(path).writing():
        pass
    holder, reported = _Holder(path), list[str]()
    try:
        store = Store(path, wait=holder.let_go, report=reported.append)
        with store.reading() as connection:
            assert connection.execute("select count(*) from snapshots").fetchall() == [(0,)]
    finally:
        holder.let_go()
    assert len(reported) == 1
    assert str(path) in reported[0]
    assert f"process {holder.process.pid}" in reported[0]


def test_a_file_that_stays_busy_is_given_up_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store(path).writing():
        pass
    holder = _Holder(path)
    try:
        store = Store(path, wait=lambda _seconds: None, busy_seconds=0.0)
        who = rf"held by another program \(python.*, process {holder.process.pid}\)"
        with pytest.raises(StoreBusy, match=who), store.writing():
            pass
    finally:
        holder.let_go()


def test_nobody_holds_the_file_between_reads_and_writes(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scene.rows()
    holder = _Holder(scene.store.path)
    holder.let_go()
    assert holder.process.returncode == 0


def test_a_reader_and_a_writer_of_one_process_take_turns(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb", wait=_never)
    inside, seen = threading.Event(), list[Any]()

    def read() -> None:
        inside.wait()
        with store.reading() as connection:
            seen.extend(connection.execute("select cloud from store_identity").fetchall())

    reading = threading.Thread(target=read)
    reading.start()
    with store.writing() as connection:
        inside.set()
        append(connection, "store_identity", [{"cloud": "here", "tenant_id": None}])
        assert seen == []
    reading.join()
    assert seen == [("here",)]


def test_many_threads_may_read_and_write_at_once(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    store, failures = Store(scene.store.path, wait=_never), list[BaseException]()

    def use(number: int) -> None:
        try:
            if number % 2:
                assert len(current_deployments(store)) == 1
            else:
                with store.writing() as connection:
                    append(connection, "holes", [{"snapshot_id": "x", "source": str(number)}])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_store_of_another_cloud_or_tenant_is_refused(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot(tenant_id="tenant-a")
    with pytest.raises(WrongStore, match="tenant-a"):
        scene.snapshot(tenant_id="tenant-b")
    with scene.store.writing() as connection:
        connection.execute("update store_identity set cloud = 'AzureCloud'")
    with pytest.raises(WrongStore, match="belongs to AzureCloud"):
        scene.snapshot(tenant_id="tenant-a")
    assert len(snapshots(scene.store)) == 1


def test_a_store_whose_tenant_was_unknown_belongs_to_the_first_that_is_known(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot(tenant_id=None)
    scene.clock.advance(timedelta(minutes=1))
    scene.snapshot(tenant_id="tenant-a")
    with pytest.raises(WrongStore):
        scene.snapshot(tenant_id="tenant-b")


def test_a_killed_snapshot_leaves_the_old_view(
    scene: Scene, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.endpoint("e").deployment("d")
    first = scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    workspace.endpoint("late").deployment("d")
    asked = threading.Event()
    scene.azure.before(path="Authorization/locks", do=lambda _world: asked.set())
    scene.azure.faults.add(Fault("slow", path="getBatch", delay_seconds=60))
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    places = {"--cloud": scene.azure.profile, "--store": scene.store.path, "--config": config}
    options = [text for name, path in places.items() for text in (name, str(path))]
    process = subprocess.Popen(
        [sys.executable, "-m", "mothball", "snapshot", "--cost-months", "0", *options],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not asked.wait(0.05):
            assert process.poll() is None, "the snapshot ended by itself"
    finally:
        process.kill()
        process.wait()
    scene.azure.faults.clear()
    assert set(scene.verdicts()) == {"e/d"}
    assert {row.snapshot_id for row in scene.rows().values()} == {first.snapshot_id}
    assert [row.status for row in snapshots(scene.store)].count("complete") == 1
    scene.clock.advance(timedelta(minutes=1))
    assert set(scene.judged()) == {"e/d", "late/d"}


def test_a_snapshot_that_fails_is_no_current_view(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    first = scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    with scene.store.writing() as connection:
        connection.execute("alter table holes rename column message to text")
    scene.azure.faults.add(Fault("forbid", path="getBatch"))
    with pytest.raises(Exception, match="message"):
        scene.snapshot()
    assert {row.snapshot_id for row in scene.rows().values()} == {first.snapshot_id}


def test_no_value_of_an_environment_variable_is_anywhere_in_the_store(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", extra={"EnvironmentVariables": {"B": SECRET + "-2"}})
    endpoint.deployment(
        "d",
        environment_variables={"TOKEN": SECRET, "PLAIN": SECRET + "-3"},
        extra={"nested": [{"environmentVariables": {"C": SECRET + "-4"}}]},
    )
    scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    raw = raw_of(scene.store, endpoint.deployments[0].id.lower())
    assert raw is not None
    assert set(raw["properties"]["environmentVariables"]) == {"TOKEN", "PLAIN"}
    for path in scene.folder.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    for (table,) in scene.sql("select table_name from duckdb_tables()"):
        text = str(scene.sql(f'select * from "{table}"'))  # noqa: S608
        assert SECRET not in text, table


def test_no_token_is_anywhere_in_the_store(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scope = scene.cloud.scope_for("resource_manager")
    token = scene.credential.get_token(scope).token.encode()
    content = scene.store.path.read_bytes()
    assert token not in content
    assert scene.azure.environment["AZURE_CLIENT_SECRET"].encode() not in content


def test_raw_properties_are_kept_once_per_change(scene: Scene, workspace: Workspace) -> None:
    deployment = workspace.endpoint("e").deployment("d")
    scene.snapshot()
    kept = "select count(*) from raw_resources"
    before = scene.sql(kept)[0][0]
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    assert scene.sql(kept)[0][0] == before
    scene.clock.advance(timedelta(days=1))
    deployment.tags["new"] = "tag"
    scene.snapshot()
    assert scene.sql(kept)[0][0] == before + 1


def test_a_second_read_of_a_day_replaces_its_value(scene: Scene, workspace: Workspace) -> None:
    deployment = workspace.endpoint("e").deployment("d")
    scene.snapshot()
    points = """
        select count(*), count(distinct (deployment_key, source, starts_at))
        from metric_points
        where metric = 'RequestsPerMinute' and source <> 'endpoint by class'
    """
    before = scene.sql(points)
    scene.clock.advance(timedelta(minutes=10))
    deployment.requests = at(NOW + timedelta(minutes=2), 6)
    assert scene.judged()["e/d"].requests_in_window == 6
    assert scene.sql(points) == before


def test_a_migrated_file_has_no_keys_constraints_or_indexes(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "s.duckdb")) as connection:
        migrate(connection)
        assert connection.execute("select * from duckdb_indexes()").fetchall() == []
        assert connection.execute("select * from duckdb_sequences()").fetchall() == []
        assert connection.execute("select * from duckdb_constraints()").fetchall() == []


def test_a_read_within_a_read_opens_the_file_only_once(tmp_path: Path) -> None:
    class Counted(Store):
        dialled = 0

        def _dial(self, read_only: bool, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
            self.dialled += 1
            return super()._dial(read_only, settings)

    store = Counted(tmp_path / "store.duckdb")
    with store.writing():
        pass
    store.dialled = 0
    with store.reading() as outer:
        for _ in range(3):
            with store.reading() as inner:
                assert inner.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)
        assert outer.execute("select 1").fetchone() == (1,)
    assert store.dialled == 1
    with store.reading():
        pass
    assert store.dialled == 2
