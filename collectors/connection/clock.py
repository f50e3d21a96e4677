"""This machine's clock against Azure's own, which comes as `Date` with every answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from collectors.connection.errors import ClockOff
from collectors.connection.reading import Reader
from collectors.records import counted

# A token is refused at about as much, and an answer may be some seconds on its way.
LARGEST_OFFSET = timedelta(minutes=5)


def assert_clock(reader: Reader, now: datetime) -> None:
    """Raise ClockOff where `now` is far from the time of Azure's newest answer.

    A snapshot counts days: of a wrong one it would ask the wrong days, and one from the future
    would stand before all later ones.
    """
    azure = _moment(reader.newest_date)
    if azure is None or abs(now - azure) <= LARGEST_OFFSET:
        return
    word = "ahead of" if now > azure else "behind"
    off = f"{_length(abs(now - azure))} {word} Azure's"
    text = f"this machine's clock is {off}: {now:%Y-%m-%d %H:%M}"
    raise ClockOff(f"{text} here, {azure:%Y-%m-%d %H:%M} there (UTC)", "ClockOff")


def _moment(date: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _length(offset: timedelta) -> str:
    hours = offset / timedelta(hours=1)
    if hours >= 48:
        return counted(round(hours / 24), "day")
    return f"{hours:.0f} h" if hours >= 2 else f"{hours * 60:.0f} min"
