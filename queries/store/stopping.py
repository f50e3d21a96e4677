"""Ends what the database works on as soon as whoever waits for it wants it stopped."""

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
