"""Ends work when a person presses ctrl+c: at first in good order, the second time at once."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from mothball.exits import FAILED
from mothball.output import note

if TYPE_CHECKING:
    from collectors.connection.patience import Stop

# How long Python may take to notice a press before what holds it up is ended.
NOTICE_SECONDS = 0.4
# Wakes the first thread and says nothing else. Windows has no such signal, nor a way to send it.
_NUDGE = getattr(signal, "SIGURG", None)
_noticed = threading.Event()


@contextmanager
def stopped_by_ctrl_c(stop: Stop, notice: str) -> Iterator[None]:
    """The first ctrl+c asks the work to stop, and says so; a second one ends the program."""

    def asked(_signal: int, _frame: Any) -> None:
        _noticed.set()
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        note(f"{notice} (ctrl+c again to end at once)")

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ctrl_c_is_watched() -> Iterator[None]:
    """Let ctrl+c end what Python's own handlers wait for: a long query, or anything at all.

    A handler runs between two steps of Python, and a query is one step however long it takes; so is
    a wait that began just as the signal came, which the signal then does not end. The system
    writes each signal to a socket too, which a thread of its own reads.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _noticed.clear()
    hearing, telling = socket.socketpair()
    telling.setblocking(False)
    wakeup = signal.set_wakeup_fd(telling.fileno(), warn_on_full_buffer=False)
    before = signal.signal(signal.SIGINT, _end)
    unheard = _NUDGE and signal.signal(_NUDGE, lambda *_signal: None)
    thread = threading.Thread(target=_watch, args=(hearing,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.set_wakeup_fd(wakeup)
        telling.close()
        thread.join()
        hearing.close()
        if _NUDGE:
            signal.signal(_NUDGE, unheard)


def _end(_signal: int, _frame: Any) -> None:
    _noticed.set()
    raise KeyboardInterrupt


def _watch(hearing: socket.socket) -> None:
    """End the query that runs after a first press, the program after a second."""
    presses = 0
    while True:
        hearing.settimeout(NOTICE_SECONDS if presses else None)
        try:
            told = hearing.recv(16)
        except TimeoutError:
            if presses > 1:
                _end_at_once()
            if not _noticed.is_set():
                _interrupt_queries()
                _end_wait()
            continue
        if not told:
            return
        if signal.SIGINT in told:
            presses += told.count(signal.SIGINT)


def _interrupt_queries() -> None:
    """Where no query was ever asked the database is not loaded, and stays so."""
    if "duckdb" in sys.modules:
        from queries.store.interrupting import interrupt_queries

        interrupt_queries()


def _end_wait() -> None:
    """Let Python look at its signals: whatever its first thread waits for, this ends the wait."""
    first = threading.main_thread().ident
    if _NUDGE and first is not None:
        signal.pthread_kill(first, _NUDGE)


def _end_at_once() -> None:
    """Leave without a word to anybody: the store and its files survive that at any time."""
    with suppress(OSError):
        os.write(2, b"stopped\n")
    os._exit(FAILED)
