"""A query that runs can be ended by another thread, in the store and while an export is read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from queries.exports.files import reading_in
from queries.store.file import Store
from queries.store.interrupting import interrupt_queries

ENDLESS = "select sum(a.range * b.range) from range(100000000) a, range(100000000) b"
Open = Callable[[Path], AbstractContextManager[duckdb.DuckDBPyConnection]]


@pytest.mark.parametrize(
    "opened",
    [
        lambda folder: Store(folder / "store.duckdb").writing(),
        lambda folder: reading_in(folder),
    ],
    ids=["store", "export"],
)
def test_a_query_that_is_interrupted_ends_the_program_and_undoes_what_it_did(
    tmp_path: Path, opened: Open
) -> None:
    ended = threading.Event()

    def interrupt() -> None:
        while not ended.wait(0.1):
            interrupt_queries()

    def work() -> None:
        with opened(tmp_path) as connection:
            connection.execute("create table half_done as select 1")
            connection.execute(ENDLESS).fetchall()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        work()
    ended.set()
    thread.join()
    with Store(tmp_path / "store.duckdb").writing() as connection:
        found = connection.execute("from duckdb_tables() where table_name = 'half_done'")
        assert found.fetchall() == []
