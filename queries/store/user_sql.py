"""A user's own SQL on the store: reads the tables and views, and nothing else in the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from queries.store.file import Store, StoreFailure


class BadQuestion(StoreFailure):
    """DuckDB does not understand or does not allow the SQL; the text is its first line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows, as DuckDB gives them."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def answer(store: Store, sql: str) -> Answer:
    """The rows of one SELECT. Files, network, extensions and settings are closed to it."""
    with store.untrusted() as connection:
        try:
            result = connection.execute(_only_question(connection, sql))
            names = tuple(str(column[0]) for column in result.description or [])
            return Answer(names, tuple(result.fetchall()))
        except duckdb.Error as error:
            line = str(error).strip().splitlines()[0]
            raise BadQuestion(line) from error


def _only_question(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadQuestion("only one SELECT at a time is answered")
    return statements[0]
