"""Times and ages in words, always UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def span(passed: timedelta) -> str:
    """`just now`, `6 min`, `3 h`, `2 d`: rounded down."""
    if passed < MINUTE:
        return "just now"
    if passed < HOUR:
        return f"{passed // MINUTE} min"
    if passed < DAY:
        return f"{passed // HOUR} h"
    return f"{passed // DAY} d"


def as_of(moment: datetime, now: datetime) -> str:
    """`14:02 UTC · 6 min`, with its date where it is not today's."""
    day = "" if moment.date() == now.date() else f"{moment.day} {moment:%b} "
    return f"{day}{moment:%H:%M} UTC · {span(now - moment)}"
