"""Ends the interface in good order when the system asks for it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

# Windows has none of these for a loop to wait for.
_NAMES = ("SIGTERM", "SIGHUP")


def leave_on_signals(leave: Callable[[int], object]) -> None:
    """Call `leave` with the exit code of the first signal; a second one ends at once.

    A signal that the caller of the program had ignored, as `nohup` does, stays ignored.
    """
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        loop.remove_signal_handler(number)
        leave(128 + number)

    for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
        if signal.getsignal(number) is signal.SIG_DFL:
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, asked, number)
