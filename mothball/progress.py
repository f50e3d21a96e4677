"""What long work is doing, on standard error: one line that moves, or a line a stage in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from math import ceil

SECONDS_TO_COUNT = 2.0


class Progress:
    """Told (source, done, total or None) from any thread; shows it, and counts waits down."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Find out whether a person watches. `clock` tells seconds."""
        self._watched = sys.stderr.isatty()
        self._clock = clock
        self._guard = threading.Lock()
        self._text = ""
        self._last = ""
        self._waits: dict[str, float] = {}
        self._closed = threading.Event()
        self._ticker: threading.Thread | None = None

    def __call__(self, source: str, done: int, total: int | None) -> None:
        """Show how far a source is."""
        finished = total is not None and done >= total
        with self._guard:
            self._text = f"reading {source}: {done}" + ("" if total is None else f" of {total}")
            if self._watched:
                self._draw()
            elif finished or source != self._last:
                sys.stderr.write(self._text + "\n")
            self._last = source

    def waiting(self, source: str, seconds: float) -> None:
        """Count down until a source may be asked again; in a log, one line for the whole wait."""
        with self._guard:
            known, until = self._waits.get(source, 0.0), self._clock() + seconds
            self._waits[source] = max(known, until)
            if self._watched and not self._closed.is_set():
                self._draw()
                self._tick_on()
            elif not self._watched and until > known + SECONDS_TO_COUNT:
                sys.stderr.write(f"{_wait_text(source, seconds)}\n")

    def tick(self) -> None:
        """Show how much of a wait is left."""
        with self._guard:
            if self._watched and self._waits and not self._closed.is_set():
                self._draw()

    def close(self) -> None:
        """Leave the line."""
        self._closed.set()
        with self._guard:
            if self._watched and (self._text or self._waits):
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()

    def _draw(self) -> None:
        left = {source: until - self._clock() for source, until in self._waits.items()}
        self._waits = {source: self._waits[source] for source in left if left[source] > 0}
        waits = [_wait_text(source, left[source]) for source in self._waits]
        sys.stderr.write("\r\x1b[K" + " · ".join(filter(None, [self._text, *waits])))
        sys.stderr.flush()

    def _tick_on(self) -> None:
        if self._ticker is None:
            self._ticker = threading.Thread(target=self._count_down, daemon=True)
            self._ticker.start()

    def _count_down(self) -> None:
        while not self._closed.wait(1.0):
            self.tick()


def _wait_text(source: str, seconds: float) -> str:
    return f"next {source} query in {ceil(seconds)} s (rate limit; ctrl+c stops)"
