"""The turn to write to a shared store: a lock in PostgreSQL, given in the order of asking.

It lasts as long as the transaction in which it was taken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import duckdb

from queries.store.roles import POSTGRESQL

# Which of PostgreSQL's advisory locks a writer holds; any number that all of us agree on.
LOCK = 7_306_084_265
_LOOK_SECONDS = 0.2
# Asks the server on a connection.
Ask = Callable[[str], str]


class NoTurn(Exception):  # noqa: N818
    """It was waited for as long as one may."""


def options(busy_seconds: float) -> str:
    """What the server is told of the connection that waits: how long, and that it may."""
    return f"-c lock_timeout={max(int(busy_seconds * 1000), 1)} -c statement_timeout=0"


def take_turn(locker: Ask, others: Ask, say: Callable[[str], None]) -> None:
    """Take it; `say` hears once who is waited for, and `others` is a connection beside it.

    Raises NoTurn.
    """
    if locker(f"select pg_try_advisory_xact_lock({LOCK})::varchar") == "true":
        return
    holder = (POSTGRESQL / "holder.sql").read_text(encoding="utf-8").format(lock=LOCK)
    say(locker(holder))
    waiting = _Waiting(locker)
    try:
        waiting.start()
        while waiting.is_alive():  # a query hears no ctrl+c, this does
            waiting.join(_LOOK_SECONDS)
    except BaseException:
        others(f"select pg_cancel_backend({waiting.process})::varchar")
        waiting.join()
        raise
    if waiting.error is not None:
        if "lock timeout" in str(waiting.error):
            raise NoTurn from waiting.error
        raise waiting.error


class _Waiting(threading.Thread):
    """Waits for the turn; to begin anew would be to stand in line anew, behind everybody else."""

    def __init__(self, locker: Ask) -> None:
        super().__init__(daemon=True)
        self._locker = locker
        self.process = int(locker("select pg_backend_pid()::varchar"))
        self.error: duckdb.Error | None = None

    def run(self) -> None:
        """Wait."""
        try:
            self._locker(f"select pg_advisory_xact_lock({LOCK})::varchar")
        except duckdb.Error as error:
            self.error = error
