"""What long work is doing, on standard error: one line that moves, or a line a stage in a log."""

from __future__ import annotations

import sys
import threading


class Progress:
    """Told (source, done, total or None) from any thread; shows it."""

    def __init__(self) -> None:
        """Find out whether a person watches."""
        self._watched = sys.stderr.isatty()
        self._guard = threading.Lock()
        self._last = ""

    def __call__(self, source: str, done: int, total: int | None) -> None:
        """Show how far a source is."""
        finished = total is not None and done >= total
        text = f"reading {source}: {done}" + ("" if total is None else f" of {total}")
        with self._guard:
            if self._watched:
                sys.stderr.write(f"\r\x1b[K{text}")
                sys.stderr.flush()
            elif finished or source != self._last:
                sys.stderr.write(text + "\n")
            self._last = source

    def waiting(self, source: str, seconds: float) -> None:
        """Show that a source asked for a pause."""
        with self._guard:
            start, end = ("\r\x1b[K", "") if self._watched else ("", "\n")
            sys.stderr.write(f"{start}{source} asks for a pause of {seconds:.0f} s{end}")
            sys.stderr.flush()

    def close(self) -> None:
        """Leave the line."""
        if self._watched and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
