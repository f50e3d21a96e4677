"""A DuckDB file of somebody else stays as it is."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from queries.store.file import Store, WrongStore


@pytest.mark.parametrize(
    "sql",
    [
        "create table sales as select 1 as x",
        "create view sales as select 1 as x",
        "create table migrations (name varchar); insert into migrations values ('0001_init')",
        "create table migrations (version integer)",
    ],
)
def test_nothing_is_written_into_a_database_of_something_else(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "sales.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    before = path.read_bytes()
    store = Store(path)
    with pytest.raises(WrongStore, match="belongs to another program.*--store"), store.noting():
        pass
    with pytest.raises(WrongStore, match="belongs to another program.*--store"), store.reading():
        pass
    assert path.read_bytes() == before


def test_an_empty_database_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    duckdb.connect(str(path)).close()
    with Store(path).writing() as connection:
        assert connection.execute("from snapshots").fetchall() == []
    with Store(path).reading() as connection:
        assert connection.execute("from snapshots").fetchall() == []
