"""Days as bars, where a day without evidence never looks like a quiet one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from tui.columns import number

if TYPE_CHECKING:
    from queries.rows import BilledDay, DayRow

HEIGHT = 4
LEAST_WIDTH = 24
# Beside the bars stands the number of the highest.
BESIDE = 10
BLOCKS = " ▁▂▃▄▅▆▇█"
ZERO, EMPTY, UNKNOWN = "_", "-", "·"
_MEANINGS = {ZERO: "zero", EMPTY: "no value", UNKNOWN: "not known"}
ALIVE, NO_SIGN = "━", "·"
Parts = list[tuple[str, str]]
Columns = tuple[list[str], float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One or several days: what they come to; without a value the sign of why."""

    value: float | None
    sign: str


def charts(days: Sequence[DayRow], bill: Sequence[BilledDay], width: int) -> Content:
    """Requests with the life line, utilisation and cost, each in at most `width` cells."""
    step = _days_a_bar(len(days), width)
    asked = _columns(_together(map(_requests, days), step, sum), HEIGHT)
    life = "".join(
        ALIVE if all(day.is_alive for day in days[at : at + step]) else NO_SIGN
        for at in range(0, len(days), step)
    )
    parts = [
        *_lines(asked),
        (life, "$success"),
        (" alive\n", "$text-muted"),
        (_dates(days, step) + "\n", "$text-muted"),
        _legend(asked, f"requests{_each(step)}"),
    ]
    if any(_busiest(day).value is not None for day in days):
        busiest = _columns(_together(map(_busiest, days), step, max), 2)
        parts += [*_lines(busiest), _legend(busiest, "% of CPU or GPU, whichever is busier")]
    if any(day.cost is not None for day in bill):
        currency = next((day.currency for day in bill if day.currency), "")
        billed = _columns(_together(map(_cost, bill), step, sum), 2)
        parts += [*_lines(billed), _legend(billed, f"{currency} billed{_each(step)}")]
    return Content.assemble(*parts)


def bars(values: Sequence[float | None], name: str, width: int) -> Parts:
    """Any values of days in a row, in at most `width` cells; None is not known."""
    step = _days_a_bar(len(values), width)
    told = _columns(_together((Bar(value, UNKNOWN) for value in values), step, sum), HEIGHT)
    return [*_lines(told), _legend(told, name if step == 1 else f"{name}, {step} days a bar")]


def _days_a_bar(count: int, width: int) -> int:
    room = max(width - BESIDE, LEAST_WIDTH)
    return -(-count // room) if count else 1


def _each(step: int) -> str:
    return " a day" if step == 1 else f" in {step} days"


def _together(
    days: Iterable[Bar], step: int, total: Callable[[Sequence[float]], float]
) -> list[Bar]:
    """Bars of `step` days. What was seen shows; among silent days, the worst sign does."""
    told, bars = list(days), []
    for at in range(0, len(told), step):
        held = told[at : at + step]
        values = [bar.value for bar in held if bar.value is not None]
        signs = [bar.sign for bar in held if bar.value is None]
        value = total(values) if values else None
        worst = next((sign for sign in (UNKNOWN, EMPTY) if sign in signs), ZERO)
        bars.append(Bar(None if not value and signs else value, worst))
    return bars


def _columns(bars: Sequence[Bar], height: int) -> Columns:
    """Each bar from top to bottom, and the number of the highest (0: there is none)."""
    top = max((bar.value or 0.0 for bar in bars), default=0.0)
    return [_column(bar, top, height if top > 0 else 1) for bar in bars], top


def _lines(drawn: Columns) -> Parts:
    """The bars line by line, with the highest number beside them."""
    columns, top = drawn
    height = len(columns[0]) if columns else 1
    lines = ["".join(column[row] for column in columns) for row in range(height)]
    if top > 0:
        lines[0] += f" {number(top)}"
    return [(line + "\n", "$primary") for line in lines]


def _legend(drawn: Columns, name: str) -> tuple[str, str]:
    signs = {column[-1] for column in drawn[0]}
    told = [f"█ {name}", *(f"{s} {meaning}" for s, meaning in _MEANINGS.items() if s in signs)]
    return "  ".join(told) + "\n", "$text-muted"


def _column(bar: Bar, top: float, height: int) -> str:
    """One bar from top to bottom."""
    if not bar.value:
        return " " * (height - 1) + (ZERO if bar.value is not None else bar.sign)
    eighths = max(round(bar.value / top * height * 8), 1)
    levels = (min(max(eighths - 8 * row, 0), 8) for row in reversed(range(height)))
    return "".join(BLOCKS[level] for level in levels)


def _requests(day: DayRow) -> Bar:
    return Bar(day.requests, EMPTY if day.was_asked and day.is_alive else UNKNOWN)


def _busiest(day: DayRow) -> Bar:
    """The busier of processor and graphics card."""
    told = [value for value in (day.cpu_percent, day.gpu_percent) if value is not None]
    return Bar(max(told, default=None), UNKNOWN)


def _cost(day: BilledDay) -> Bar:
    return Bar(None if day.cost is None else float(day.cost), UNKNOWN)


def _dates(days: Sequence[DayRow], step: int) -> str:
    if not days:
        return ""
    first, last = _day(days[0].day), _day(days[-1].day)
    return first + last.rjust(-(-len(days) // step) - len(first))


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
