"""The queries that run in this process, so that another thread can end them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

_guard = threading.Lock()
_open: list[duckdb.DuckDBPyConnection] = []


@contextmanager
def interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let `interrupt_queries` end what runs on a connection.

    It is then a KeyboardInterrupt here, as every other work that a person ends.
    """
    with _guard:
        _open.append(connection)
    try:
        yield
    except (duckdb.InterruptException, RuntimeError, KeyboardInterrupt) as error:
        # Closing would wait for what its threads still do.
        connection.interrupt()
        # What DuckDB makes of a signal that it notices itself has no class of its own.
        if type(error) is RuntimeError and str(error) != "Query interrupted":
            raise
        raise KeyboardInterrupt from error
    finally:
        with _guard:
            _open.remove(connection)


def interrupt_queries() -> None:
    """End every query that runs."""
    with _guard:
        for connection in _open:
            connection.interrupt()
