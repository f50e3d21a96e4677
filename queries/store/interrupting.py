"""Ends what the database works on: when a person ends the program, or a stop ends a longer work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

# Returns at once with True when the work is to stop, and with False after so many seconds.
WaitForStop = Callable[[float], bool]
SECONDS_A_LOOK = 0.5
# DuckDB forgets an interruption when the next query begins, so it is said until the work has ended.
SECONDS_A_WORD = 0.02
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


class Interrupted(Exception):  # noqa: N818
    """The work in the database was stopped as it was asked to be; nothing of it is kept."""


@contextmanager
def interrupted_by(
    connection: duckdb.DuckDBPyConnection, wait: WaitForStop | None
) -> Iterator[None]:
    """Interrupt the queries of a connection once `wait` says so; Interrupted is raised then.

    `wait` None: nothing stops them.
    """
    if wait is None:
        yield
        return
    if wait(0):
        raise Interrupted
    work = _Work(connection)
    threading.Thread(target=work.watch, args=(wait,), daemon=True).start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise Interrupted from error
    finally:
        work.end()


class _Work:
    """What a connection does until it has ended: a connection that is closed is not spoken to."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._guard = threading.Lock()
        self._has_ended = threading.Event()

    def watch(self, wait: WaitForStop) -> None:
        """Wait for the stop, and then say it until the work has ended."""
        while not self._has_ended.is_set():
            if wait(SECONDS_A_LOOK):
                break
        while not self._has_ended.wait(SECONDS_A_WORD):
            with self._guard:
                if not self._has_ended.is_set():
                    self._connection.interrupt()

    def end(self) -> None:
        """Interrupt no more."""
        with self._guard:
            self._has_ended.set()
