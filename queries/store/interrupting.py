"""Ends what the database works on: when a person ends the program, or a stop ends a longer work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

# Whether the work was asked to stop.
IsStopped = Callable[[], bool]
# DuckDB forgets an interruption when the next query begins, so one is made at each look until the
# work has ended.
SECONDS_A_LOOK = 0.05
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
    connection: duckdb.DuckDBPyConnection, is_stopped: IsStopped | None
) -> Iterator[None]:
    """Interrupt the queries of a connection once `is_stopped`; Interrupted is raised then.

    `is_stopped` None: nothing stops them.
    """
    if is_stopped is None:
        yield
        return
    if is_stopped():
        raise Interrupted
    work = _Work(connection)
    threading.Thread(target=work.watch, args=(is_stopped,), daemon=True).start()
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

    def watch(self, is_stopped: IsStopped) -> None:
        """Interrupt the work from the stop on until it has ended."""
        while not self._has_ended.wait(SECONDS_A_LOOK):
            if is_stopped():
                with self._guard:
                    if not self._has_ended.is_set():
                        self._connection.interrupt()

    def end(self) -> None:
        """Interrupt no more."""
        with self._guard:
            self._has_ended.set()
