"""The time that the stand-in for Azure lives by: frozen, or running from a chosen moment."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells aware UTC times; frozen at one moment unless made by `Clock.running`."""

    def __init__(self, at: datetime) -> None:
        """Stand still at `at`, which must know its time zone."""
        self._at = _utc(at)
        self._running_since: float | None = None

    @classmethod
    def running(cls, at: datetime | None = None) -> Clock:
        """A clock that starts at `at` (default: the real time) and goes on by itself."""
        clock = cls(at or datetime.now(UTC))
        clock._running_since = time.monotonic()
        return clock

    def now(self) -> datetime:
        """The current time of this clock, in UTC."""
        if self._running_since is None:
            return self._at
        return self._at + timedelta(seconds=time.monotonic() - self._running_since)

    def set(self, at: datetime) -> None:
        """Jump to `at`, forwards or backwards; a running clock goes on from there."""
        self._at = _utc(at)
        if self._running_since is not None:
            self._running_since = time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self._at += by


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a clock needs an aware time, such as datetime(2026, 11, 23, tzinfo=UTC)")
    return at.astimezone(UTC)


def instant(moment: datetime, digits: int = 6) -> str:
    """An ISO 8601 time in UTC; seven digits come with `+00:00`, as some services write it."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text}0+00:00" if digits == 7 else f"{text}Z"
