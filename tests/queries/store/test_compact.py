"""A store's file is written anew, smaller, in good order, and never half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from queries.store.append import append
from queries.store.file import Store, StoreFailure
from tests.scene import NOW

VALUES = 400_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three times the values that stay, in the order in which days are read."""
    store = Store(tmp_path / "store.duckdb")
    with store.noting() as connection:
        connection.execute(
            "insert into metric_values by name select (number * 7919) % 100 as resource,"
            " 'endpoint' as source, 'RequestsPerMinute' as metric, hash(number)::double as average,"
            " timestamp '2026-01-01' + to_days((number // 100)::integer) as starts_at"
            " from range(?) as numbers(number)",
            [VALUES],
        )
        append(connection, "snapshots", [{"snapshot_id": "first"}])
    with store.noting() as connection:
        connection.execute("delete from metric_values where resource >= 10")
    return store


def _values(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return connection.execute("from metric_values").fetchall()


def test_the_file_is_smaller_and_holds_the_same(store: Store) -> None:
    values = _values(store)
    done = store.compact(NOW)
    before, after = done.bytes_before, done.bytes_after
    assert 0 < after == store.path.stat().st_size < 0.7 * before
    assert sorted(_values(store), key=repr) == sorted(values, key=repr)
    assert [one.name for one in store.path.parent.glob("store*")] == [store.path.name]


def test_the_values_of_a_resource_lie_side_by_side(store: Store) -> None:
    store.compact(NOW)
    resources = [value[0] for value in _values(store)]
    assert resources == sorted(resources)  # type: ignore[type-var]


def test_it_can_be_written_to_afterwards(store: Store) -> None:
    store.compact(NOW)
    with store.writing() as connection:
        append(connection, "snapshots", [{"snapshot_id": "second"}])
    with store.reading() as connection:
        assert connection.execute("select count(*) from snapshots").fetchall() == [(2,)]


def test_its_rights_and_a_link_to_it_stay(store: Store) -> None:
    store.path.chmod(0o640)
    link = store.path.with_name("link.duckdb")
    link.symlink_to(store.path)
    Store(link).compact(NOW)
    assert link.is_symlink()
    assert store.path.stat().st_mode & 0o777 == 0o640


def test_without_room_the_file_stays_as_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.path.read_bytes()
    full = os.statvfs_result((4096, 4096, 10**9, 10, 10, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    with pytest.raises(StoreFailure, match="stays as large as it is: .* are needed: make room"):
        store.compact(NOW)
    assert store.path.read_bytes() == before


OPENING = """
import sys, duckdb
try:
    duckdb.connect(sys.argv[1]).execute("create table broken_in (one integer)")
except duckdb.IOException as error:
    sys.exit(0 if "lock" in str(error) else 2)
sys.exit(1)
"""


def test_nobody_writes_to_the_new_file_before_it_is_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, codes = os.replace, []

    def try_to_write(source: Path, path: Path) -> None:
        for file in (source, path):
            codes.append(_opened_elsewhere(file))
        replace(source, path)
        codes.append(_opened_elsewhere(path))

    monkeypatch.setattr(os, "replace", try_to_write)
    store.compact(NOW)
    assert codes == [0, 0, 0]
    with duckdb.connect(str(store.path)) as connection:
        assert connection.execute("select count(*) from snapshots").fetchall() == [(1,)]


def _opened_elsewhere(path: Path) -> int:
    return subprocess.run([sys.executable, "-c", OPENING, str(path)], check=False).returncode
