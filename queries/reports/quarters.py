"""Quarters of a fiscal year that may begin in any month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months. `name` has the calendar year in which the fiscal year begins."""

    name: str
    first_day: date
    last_day: date

    @property
    def fiscal_year_start(self) -> int:
        """The month that its fiscal year begins in."""
        return (self.first_day.month - 1 - 3 * (int(self.name[-1]) - 1)) % 12 + 1

    def has(self, day: date) -> bool:
        """Whether the day falls into it."""
        return self.first_day <= day <= self.last_day


def quarter_named(name: str, fiscal_year_start: int = 1) -> Quarter:
    """`2026-Q4` as its days; ValueError for what is no quarter."""
    match = _NAME.fullmatch(name.strip())
    if match is None or match[1] == "0000":
        raise ValueError(f"{name!r} is not a quarter such as 2026-Q4")
    year, number = int(match[1]), int(match[2])
    months = year * 12 + fiscal_year_start - 1 + 3 * (number - 1)
    first, after = _first_of(months), _first_of(months + 3)
    return Quarter(f"{year:04}-Q{number}", first, after - timedelta(days=1))


def quarter_of(day: date, fiscal_year_start: int = 1) -> Quarter:
    """The quarter that a day falls into."""
    months = day.year * 12 + day.month - fiscal_year_start
    return quarter_named(f"{months // 12:04}-Q{months % 12 // 3 + 1}", fiscal_year_start)


def quarter_before(quarter: Quarter, fiscal_year_start: int = 1) -> Quarter:
    """The one that ended when this one began."""
    year, number = int(quarter.name[:4]), int(quarter.name[-1])
    year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return quarter_named(f"{year:04}-Q{number}", fiscal_year_start)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
