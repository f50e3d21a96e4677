"""What the database may take of a machine, and where it puts what does not fit."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from queries.store.file import Store, StoreFailure
from queries.store.limits import DatabaseLimits
from queries.store.user_sql import answer

# More than 128 MB of distinct values.
LARGE = "select count(*) from (select distinct range || repeat('x', 90) as v from range(1500000))"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store.duckdb", limits=DatabaseLimits(memory_mb=128))
    with made.writing():
        pass
    return made


def _beside(store: Store) -> list[Path]:
    return [one for one in store.path.parent.iterdir() if one != store.path]


def _setting(connection: duckdb.DuckDBPyConnection, name: str) -> object:
    found = connection.execute("select current_setting($name)", {"name": name}).fetchone()
    assert found is not None
    return found[0]


def test_each_connection_has_the_limits_of_the_settings(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.duckdb", limits=DatabaseLimits(memory_mb=512, threads=2))
    with store.writing() as connection:
        assert _setting(connection, "threads") == 2
    with store.reading() as connection, store.reading() as part:
        assert _setting(part, "threads") == 2
        assert _setting(connection, "memory_limit") == "488.2 MiB"


def test_what_does_not_fit_lies_where_only_its_owner_reads_and_is_gone_after(store: Store) -> None:
    with store.reading() as connection:
        assert connection.execute(LARGE).fetchone() == (1_500_000,)
        (folder,) = _beside(store)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert _beside(store) == []


def test_a_question_of_a_user_may_take_no_more(store: Store) -> None:
    assert answer(store, LARGE).rows == ((1_500_000,),)
    assert _beside(store) == []


HOLDING = """
import os, pathlib, sys, time
from queries.store.limits import DatabaseLimits
with DatabaseLimits().folder(pathlib.Path(sys.argv[1])):
    print(flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells nobody's death by a lock")
def test_what_a_killed_program_left_is_removed_at_the_next_start_and_never_before(
    store: Store,
) -> None:
    words = [sys.executable, "-c", HOLDING, str(store.path.parent)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.readline()
        with store.reading():
            assert len(_beside(store)) == 2
        (left,) = _beside(store)
        program.kill()
    assert _beside(store) == [left]
    with store.reading():
        assert left not in _beside(store)
    assert _beside(store) == []


def test_what_is_not_known_to_be_of_a_dead_program_is_removed_after_a_day(store: Store) -> None:
    old, new = (store.path.parent / f".mothball-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    with store.reading():
        pass
    assert _beside(store) == [new]


def test_the_folder_of_the_settings_is_used_in_place_of_the_one_beside(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    store = Store(tmp_path / "s" / "store.duckdb", limits=DatabaseLimits(temporary_folder=place))
    with store.writing() as connection:
        folder = _setting(connection, "temp_directory")
        assert [str(one) for one in place.iterdir()] == [folder]
    assert list(place.iterdir()) == []


def test_a_folder_that_cannot_hold_it_is_a_failure_in_words(tmp_path: Path) -> None:
    missing = DatabaseLimits(temporary_folder=tmp_path / "none")
    with (
        pytest.raises(StoreFailure, match="no place for temporary files"),
        Store(tmp_path / "store.duckdb", limits=missing).writing(),
    ):
        pass


def test_too_little_memory_is_a_failure_that_names_the_setting(store: Store) -> None:
    many = "select list(range || repeat('x', 90)) from range(3000000)"
    with (
        pytest.raises(StoreFailure, match="raise `memory_mb` under"),
        store.reading() as connection,
    ):
        connection.execute(many)
