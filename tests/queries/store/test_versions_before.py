"""A store that kept everything whole for each snapshot is brought to this version: nothing is lost.

`whole_snapshots.duckdb.xz` was written by the version before: two snapshots of the sample tenant,
ten days apart, and a guard of one endpoint.
"""

from __future__ import annotations

import lzma
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.estate.questions import current_deployments
from queries.store import beside
from queries.store.file import Store, StoreFailure
from queries.store.maintenance import check_store
from queries.store.versions import VERSIONED
from tests.scene import NOW

KEPT = Path(__file__).with_name("whole_snapshots.duckdb.xz")
Rows = dict[str, tuple[list[Any], list[Any]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.duckdb"
    path.write_bytes(lzma.decompress(KEPT.read_bytes()))
    return path


def _rows(path: Path) -> Rows:
    """The columns with their types and the rows of each table, as DuckDB has them."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {table: _table(connection, table) for table in VERSIONED}


def _table(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[list[Any], list[Any]]:
    shape = connection.execute(
        "select name, type from pragma_table_info($name)", {"name": table}
    ).fetchall()
    rows = connection.execute("from query_table($name)", {"name": table}).fetchall()
    return shape, sorted(rows, key=repr)


def _bring(store: Store) -> None:
    with store.writing():
        pass


def test_every_row_is_as_it_was_kept(path: Path) -> None:
    before = _rows(path)
    assert all(rows for _shape, rows in before.values())
    _bring(Store(path))
    assert _rows(path) == before
    assert all(one.is_well for one in check_store(Store(path), NOW))


def test_what_did_not_change_between_two_snapshots_is_kept_once(path: Path) -> None:
    _bring(Store(path))
    with Store(path).reading() as connection:
        rows, versions = connection.execute(
            "select (select count(*) from deployments), (select count(*) from deployments_versions)"
        ).fetchone() or (0, 0)
    assert rows > 1.9 * versions > 0


def test_it_says_what_it_does_and_leaves_no_copy(path: Path) -> None:
    said: list[str] = []
    _bring(Store(path, report=said.append))
    assert said[0].startswith("bringing the store to this version: until that is done")
    assert "bringing the store to this version: judgements of 3 snapshots" in said
    assert [one.name for one in path.parent.glob("store*")] == [path.name]
    said.clear()
    _bring(Store(path, report=said.append))
    assert said == []


def test_a_reader_brings_it_to_this_version_too(path: Path) -> None:
    assert len(current_deployments(Store(path))) > 30


def test_without_room_for_a_copy_it_stays_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _rows(path)
    full = os.statvfs_result((4096, 4096, 10**9, 100, 100, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    with pytest.raises(StoreFailure, match=r"stays as it is: .* MiB of free space, and \d+ MiB"):
        _bring(Store(path))
    assert _rows(path) == before
    assert [one.name for one in path.parent.glob("store*")] == [path.name]


def test_a_copy_that_cannot_be_finished_leaves_it_as_it_is(path: Path) -> None:
    before = _rows(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, limits[1]))
    try:
        with pytest.raises(StoreFailure, match=r"stays as it is: .*before-\d+ cannot be written"):
            _bring(Store(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert _rows(path) == before
    assert [one.name for one in path.parent.glob("store*")] == [path.name]


def test_the_copy_beside_it_is_the_store_as_it_was(path: Path) -> None:
    with beside.kept_beside(path, "copy") as is_same:
        assert is_same()
        assert path.with_name("copy").read_bytes() == path.read_bytes()
    assert not path.with_name("copy").exists()


def test_a_file_that_somebody_wrote_meanwhile_is_not_what_was_copied(path: Path) -> None:
    with beside.kept_beside(path, "copy") as is_same:
        with path.open("ab") as file:
            file.write(b"x")
        assert not is_same()


BRINGING = """
import os, signal, sys
from pathlib import Path
from queries.store.file import Store

def report(text):
    if sys.argv[2] in text:
        os.kill(os.getpid(), signal.SIGKILL)

with Store(Path(sys.argv[1]), report=report).writing():
    pass
"""


@pytest.mark.parametrize("at", ["until that is done", "deployments of", "deployment_sizing of"])
def test_killed_on_the_way_it_is_brought_there_the_next_time(path: Path, at: str) -> None:
    before = _rows(path)
    killed = subprocess.run([sys.executable, "-c", BRINGING, str(path), at], check=False)
    assert killed.returncode == -signal.SIGKILL
    _bring(Store(path))
    assert _rows(path) == before
    assert [one.name for one in path.parent.glob("store*")] == [path.name]
