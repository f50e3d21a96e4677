"""A user's own SQL on the store: reads the tables and views, and nothing else in the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from queries.store import Store, StoreFailure


class BadQuestion(StoreFailure):
    """DuckDB does not understand or does not allow the SQL; the text is its first line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows, as DuckDB gives them."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def answer(store: Store, sql: str) -> Answer:
    """The rows of the (last) statement. Files, network, extensions and settings are closed."""
    with store.untrusted() as connection:
        try:
            result = connection.execute(sql)
            names = tuple(str(column[0]) for column in result.description or [])
            return Answer(names, tuple(result.fetchall()))
        except duckdb.Error as error:
            line = str(error).strip().splitlines()[0]
            raise BadQuestion(line) from error
