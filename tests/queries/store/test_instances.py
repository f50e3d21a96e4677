"""A DuckDB instance serves one read or write after another, and keeps nothing of any of them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from queries.store import instances
from queries.store.file import Store, close_all_but_reading
from queries.store.limits import DatabaseLimits
from tests.stores import new_store

SPILLS = "create temp table big as select range a, hash(range)::varchar b from range(1500000)"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "store.duckdb")


def _temporary_folder(store: Store) -> str:
    with store.reading() as connection:
        found = connection.execute("select current_setting('temp_directory')").fetchone()
    assert found is not None
    return str(found[0])


def test_no_lock_and_no_log_of_changes_outlives_a_write(store: Store) -> None:
    with store.writing() as connection:
        connection.execute("create table mine as select 1")
    assert [path.name for path in store.path.parent.iterdir()] == [store.path.name]
    with duckdb.connect(str(store.path)) as other:
        assert other.execute("from mine").fetchall() == [(1,)]


def test_what_one_read_made_for_itself_the_next_does_not_see(store: Store) -> None:
    with store.reading() as connection:
        connection.execute("create temp table mine as select 1")
    with store.reading() as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("from mine")


def test_two_stores_are_open_at_once(store: Store, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = new_store(tmp_path / "other" / "store.duckdb")
    with store.reading() as connection, other.noting() as writing:
        writing.execute("create table mine as select 1")
        with pytest.raises(duckdb.CatalogException):
            connection.execute("from mine")


def test_what_did_not_fit_into_memory_leaves_nothing_and_the_next_read_works(
    tmp_path: Path,
) -> None:
    small = Store(new_store(tmp_path / "store.duckdb").path, limits=DatabaseLimits(memory_mb=128))
    before = _temporary_folder(small)
    with small.reading() as connection:
        connection.execute("set memory_limit = '24MB'")
        connection.execute(SPILLS)
        held = connection.execute("select count(*) from duckdb_temporary_files()").fetchone()
    assert held is not None
    assert held[0] > 0
    assert _temporary_folder(small) != before
    assert [path.name for path in tmp_path.iterdir()] == ["store.duckdb"]


def test_a_connection_that_was_closed_to_the_world_closes_no_other(
    store: Store, tmp_path: Path
) -> None:
    with store.reading() as connection:
        close_all_but_reading(connection)
    with store.reading() as connection:
        connection.execute("copy (select 1) to $file", {"file": str(tmp_path / "copy.csv")})
        limit = connection.execute("select current_setting('memory_limit')").fetchone()
    assert limit == ("244.1 MiB",)


def test_an_instance_that_worked_long_is_not_kept_with_the_memory_that_it_took(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instances, "LONG_SECONDS", 0.0)
    with store.reading() as connection:
        connection.execute("set global errors_as_json = true")
    with store.reading() as connection:
        found = connection.execute("select current_setting('errors_as_json')").fetchone()
    assert found == (False,)
