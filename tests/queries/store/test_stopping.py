"""Work in the database ends soon after a stop, and only that of whoever is stopped."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic

import pytest

from queries.store.file import Store
from queries.store.interrupting import Interrupted

ENDLESS = "select count(*) from range(1000000000) as a, range(1000000000) as b where a.range = -1"
MANY = "select count(*) from range(5000000)"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store.duckdb")
    with made.writing():
        pass
    return made


def set_soon(stop: threading.Event) -> None:
    threading.Timer(0.05, stop.set).start()


def test_a_stop_ends_a_read_within_a_second(store: Store) -> None:
    stop = threading.Event()
    set_soon(stop)
    began = monotonic()
    with pytest.raises(Interrupted), store.stopped_by(stop.is_set), store.reading() as connection:
        connection.execute(ENDLESS)
    assert monotonic() - began < 1


def test_a_stop_between_two_questions_ends_the_second(store: Store) -> None:
    stop = threading.Event()
    with store.stopped_by(stop.is_set), store.reading():
        stop.set()
        with pytest.raises(Interrupted), store.reading() as part:
            part.execute(ENDLESS)


def test_a_stopped_write_leaves_nothing(store: Store) -> None:
    stop = threading.Event()
    set_soon(stop)
    with pytest.raises(Interrupted), store.stopped_by(stop.is_set), store.writing() as connection:
        connection.execute(f"create table half as select 1 as one; {ENDLESS}")
    with store.reading() as connection:
        assert connection.execute("from duckdb_tables() where table_name = 'half'").fetchall() == []


def test_a_stop_ends_nothing_that_another_thread_reads(store: Store) -> None:
    stop, found = threading.Event(), list[int]()

    def read() -> None:
        with store.reading() as connection:
            found.extend(connection.execute(MANY).fetchone() or ())

    with store.stopped_by(stop.is_set):
        stop.set()
        other = threading.Thread(target=read)
        other.start()
        other.join()
    assert found == [5_000_000]


def test_what_is_noted_is_kept_though_it_was_stopped(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    with store.stopped_by(stop.is_set), store.noting() as connection:
        connection.execute("create table noted as " + MANY)
    with store.reading() as connection:
        assert connection.execute("from noted").fetchall() == [(5_000_000,)]


def test_after_it_nothing_is_stopped(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    with store.stopped_by(stop.is_set):
        pass
    with store.reading() as connection:
        assert connection.execute(MANY).fetchall() == [(5_000_000,)]
