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


def ago(moment: datetime, now: datetime) -> str:
    """`6 min ago`, or `just now`."""
    text = span(now - moment)
    return text if text == "just now" else f"{text} ago"


def as_of(moment: datetime, now: datetime) -> str:
    """`14:02 UTC · 6 min`, with its date where it is not today's."""
    return f"{_at(moment, now)} · {span(now - moment)}"


def seen_at(moment: datetime, now: datetime) -> str:
    """`14:02 UTC · 6 min ago`, for what is past."""
    return f"{_at(moment, now)} · {ago(moment, now)}"


def _at(moment: datetime, now: datetime) -> str:
    day = "" if moment.date() == now.date() else f"{moment.day} {moment:%b} "
    return f"{day}{moment:%H:%M} UTC"
