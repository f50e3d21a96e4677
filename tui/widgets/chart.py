"""Requests per day as bars, where a day without evidence never looks like a quiet one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from tui.columns import number

if TYPE_CHECKING:
    from queries.rows import DayRow

HEIGHT = 4
BLOCKS = " ▁▂▃▄▅▆▇█"
ZERO, EMPTY, UNKNOWN = "_", "-", "·"
_MEANINGS = {ZERO: "zero", EMPTY: "no value", UNKNOWN: "not known"}
ALIVE, NO_SIGN = "━", "·"


def chart(days: Sequence[DayRow], height: int = HEIGHT) -> Content:
    """Bars a day wide, the life line beneath, dates, and a legend."""
    top = max((day.requests or 0.0 for day in days), default=0.0)
    height = height if top > 0 else 1
    columns = [_bar(day, top, height) for day in days]
    lines = ["".join(column[row] for column in columns) for row in range(height)]
    if top > 0:
        lines[0] += f" {number(top)}"
    life = "".join(ALIVE if day.is_alive else NO_SIGN for day in days)
    parts: list[tuple[str, str]] = [(line + "\n", "$primary") for line in lines]
    parts += [(life, "$success"), (" alive\n", "$text-muted")]
    parts.append((_dates(days) + "\n", "$text-muted"))
    parts.append((_legend(columns), "$text-muted"))
    return Content.assemble(*parts)


def _bar(day: DayRow, top: float, height: int) -> str:
    """One day from top to bottom."""
    if not day.requests:
        return " " * (height - 1) + _sign(day)
    eighths = max(round(day.requests / top * height * 8), 1)
    levels = (min(max(eighths - 8 * row, 0), 8) for row in reversed(range(height)))
    return "".join(BLOCKS[level] for level in levels)


def _sign(day: DayRow) -> str:
    if day.requests is not None:
        return ZERO
    return EMPTY if day.was_asked and day.is_alive else UNKNOWN


def _legend(columns: Sequence[str]) -> str:
    signs = {column[-1] for column in columns}
    told = ["█ requests a day"]
    told += [f"{sign} {meaning}" for sign, meaning in _MEANINGS.items() if sign in signs]
    return "  ".join(told)


def _dates(days: Sequence[DayRow]) -> str:
    if not days:
        return ""
    first, last = _day(days[0].day), _day(days[-1].day)
    return first + last.rjust(len(days) - len(first))


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
