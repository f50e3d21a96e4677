"""Finds the questions (`queries/*/sql/NAME.sql`) and asks them; values are bound, never pasted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

ROOM = Path(__file__).parent.parent


@cache
def question(name: str) -> str:
    """The SQL of a question, with its head."""
    return questions()[name].read_text(encoding="utf-8")


@cache
def questions() -> dict[str, Path]:
    """The file of each question by its name, which no other question of the store has."""
    return {path.stem: path for path in ROOM.glob("*/sql/*.sql")}


def ask(
    connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a question, each by column name, with times as the store holds them."""
    result = connection.execute(question(name), dict(values or {}))
    names = [str(column[0]) for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def ask_in_parts(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    values: Mapping[str, Any] | None = None,
    size: int = 256,
) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
    """The columns' names and some rows, again and again.

    Turning rows into Python's objects holds up all other threads; a part holds them up little.
    """
    result = connection.execute(question(name), dict(values or {}))
    names = [str(column[0]) for column in result.description or []]
    while rows := result.fetchmany(size):
        yield names, rows


def ask_each(
    connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a question one after another, each by column name; few are in memory at once."""
    for names, rows in ask_in_parts(connection, name, values):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def do(
    connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None
) -> None:
    """Run a statement that gives no rows."""
    connection.execute(question(name), dict(values or {}))
