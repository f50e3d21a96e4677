"""Durations, dates and months as people type them."""

from __future__ import annotations

import re
from datetime import date

# Ten years: longer than the service exists, so that nobody means more.
MOST_DAYS = 3650
_DAYS = re.compile(r"([0-9]{1,5})\s*(d|days?|w|weeks?)?", re.IGNORECASE)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def days_from(text: str) -> int:
    """`30d`, `30`, `2w` as days; ValueError otherwise."""
    match = _DAYS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a number of days such as 30d or 2w")
    weeks = (match[2] or "d").lower().startswith("w")
    days = int(match[1]) * (7 if weeks else 1)
    if days > MOST_DAYS:
        raise ValueError(f"{text!r} is more than ten years")
    return days


def date_from(text: str) -> date:
    """`2027-01-31` as a date; ValueError otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2027-01-31") from None


def month_from(text: str) -> date:
    """`2026-10` as its first day; ValueError for what is no month."""
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a month such as 2026-10")
    return date(int(match[1]), int(match[2]), 1)
