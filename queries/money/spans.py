"""How questions about the lines of bills are asked of a store that holds years of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def judged_within(
    connection: duckdb.DuckDBPyConnection, span: Mapping[str, date]
) -> Iterator[None]:
    """Let judged_costs work out the lines from `first_day` to `last_day` alone."""
    connection.execute(
        "set variable costs_from = (select $first_day::date)", {"first_day": span["first_day"]}
    )
    connection.execute(
        "set variable costs_to = (select $last_day::date)", {"last_day": span["last_day"]}
    )
    try:
        yield
    finally:
        connection.execute("reset variable costs_from")
        connection.execute("reset variable costs_to")


@contextmanager
def as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Joins as the questions write them: DuckDB, which takes the lines of bills for fewer than
    they are, would hold all of them in memory.
    """
    connection.execute("set disabled_optimizers = 'build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute("reset disabled_optimizers")
