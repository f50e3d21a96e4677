"""Ends long work in good order when a person presses ctrl+c."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mothball.output import note

if TYPE_CHECKING:
    from collectors.connection.patience import Stop


@contextmanager
def stopped_by_ctrl_c(stop: Stop, notice: str) -> Iterator[None]:
    """The first ctrl+c asks the work to stop, and says so; a second one ends the program."""

    def asked(_signal: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        note(f"{notice} (ctrl+c again to end at once)")

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
