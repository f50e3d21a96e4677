"""Dates as people's programs write them; whether day or month comes first is decided by file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Order = Literal["dmy", "mdy"]
ORDERS: tuple[Order, Order] = ("dmy", "mdy")
EXAMPLE = "2027-01-31"
# A spreadsheet counts days from here; the first and last that are taken for a date.
DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC)?$", re.I)
_SERIAL = re.compile(r"\d{5}([.,]\d+)?")
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_DAY_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/\s]*([^\W\d_]{3,})\.?,?[-/\s]*(\d{4}|\d{2})"
)
_NAME_FIRST = re.compile(r"([^\W\d_]{3,})\.?[-/\s]*(\d{1,2})(?:st|nd|rd|th)?,?[-/\s]+(\d{4}|\d{2})")
# English, and German where it differs.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jän jänner",
            "february februar",
            "march märz maerz mrz",
            "april",
            "may mai",
            "june juni",
            "july juli",
            "august",
            "september sept",
            "october oktober",
            "november",
            "december dezember",
        ),
        start=1,
    )
    for whole in names.split()
    for name in (whole, whole[:3])
}
Readings = Mapping[Order, date]


def readings(text: str) -> Readings:
    """The date that a text means in each order; an order in which it means none is absent."""
    bare = _TIME.sub("", text.strip())
    if found := _YEAR_FIRST.fullmatch(bare):
        year, _mark, month, day = found.groups()
        return _both(_made(year, month, day))
    if found := _YEAR_LAST.fullmatch(bare):
        return _of_numbers(*found.groups())
    if found := _DAY_NAMED.fullmatch(bare):
        return _both(_named(found[3], found[2], found[1]))
    if found := _NAME_FIRST.fullmatch(bare):
        return _both(_named(found[3], found[1], found[2]))
    return _both(_of_serial(bare) if _SERIAL.fullmatch(bare) else None)


def order_of(ways: Iterable[Readings]) -> Order | None:
    """The order in which all dates of a file can be; None where they leave it open."""
    decided = {frozenset(way) for way in ways if len(way) == 1}
    return next(iter(decided.pop())) if len(decided) == 1 else None


def within(found: Readings, first: date, last: date) -> Readings:
    """The readings between two days, where they differ and any is; else all of them."""
    if len(set(found.values())) < 2:
        return found
    return {order: day for order, day in found.items() if first <= day <= last} or found


def ahead(found: Readings, today: date) -> Readings:
    """The readings that an answer may mean: a day that is past is none, where the other is not."""
    return within(found, today, date.max)


def date_of(text: str, order: Order | None, today: date) -> date:
    """The date of a text; ValueError with how to write it where it is none, or may be two."""
    found = readings(text)
    possible = ahead(found, today)
    if not found:
        raise ValueError(f"{text!r} is not a date such as {EXAMPLE}")
    if len(set(found.values())) == 1 or len(possible) == 1:
        return next(iter(possible.values()))
    if order is not None:
        return found[order]
    first, second = found["dmy"], found["mdy"]
    raise ValueError(
        f"{text!r} may be {first.day} {first:%B %Y} or {second.day} {second:%B %Y}, and the other"
        f" dates of the file do not decide it: write {first} or {second}"
    )


def _of_numbers(first: str, mark: str, second: str, year: str) -> Readings:
    """With dots the day is first: no program writes it otherwise, where both can be."""
    by_order = {"dmy": _made(year, second, first), "mdy": _made(year, first, second)}
    if mark == "." and by_order["dmy"] is not None:
        by_order["mdy"] = None
    return {order: day for order in ORDERS if (day := by_order[order]) is not None}


def _named(year: str, name: str, day: str) -> date | None:
    month = _MONTHS.get(name.lower())
    return None if month is None else _made(year, str(month), day)


def _of_serial(text: str) -> date | None:
    day = DAY_ZERO.date() + timedelta(days=int(text[:5]))
    return day if _FIRST <= day <= _LAST else None


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _both(day: date | None) -> Readings:
    return {} if day is None else dict.fromkeys(ORDERS, day)
