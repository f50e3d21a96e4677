"""Days as bars, where a day without evidence never looks like a quiet one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from collectors.records import counted
from tui.grid.columns import number
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from queries.estate.rows import BilledDay, DayRow

HEIGHT, LOW = 4, 2
LEAST_WIDTH = 24
# A bar of more cells than this looks like a block, not like a day.
MOST_CELLS = 3
LABEL_WIDTH, LABEL_GAP = 6, 2
BLOCKS = " ▁▂▃▄▅▆▇█"
ZERO, EMPTY, NOT_KNOWN = "_", "-", "·"
_MEANINGS = {ZERO: "zero", EMPTY: "no value", NOT_KNOWN: "not known"}
ALIVE, NO_SIGN = "━", "·"


@dataclass(frozen=True, slots=True)
class Bar:
    """One or several days: what they come to; without a value the sign of why."""

    value: float | None
    sign: str


@dataclass(frozen=True, slots=True)
class Scale:
    """How days become bars: days in one, and cells that one is wide."""

    days: int
    cells: int

    def each(self) -> str:
        """`a day`, or `in 3 days` where a bar holds several."""
        return "a day" if self.days == 1 else f"in {counted(self.days, 'day')}"


def charts(days: Sequence[DayRow], bill: Sequence[BilledDay], width: int) -> Parts:
    """Requests with the life line, utilisation and cost, each in at most `width` cells."""
    if not days:
        return []
    scale = scale_for(len(days), width)
    asked = _together(map(_requests, days), scale.days, sum)
    parts = [
        _title(f"requests {scale.each()}", asked, days, scale),
        *_lines(asked, scale, HEIGHT),
        *_life(days, scale),
        (dates([day.day for day in days], scale) + "\n", "$text-muted"),
        *_legend(asked, days),
    ]
    if any(_busiest(day).value is not None for day in days):
        busiest = _together(map(_busiest, days), scale.days, max)
        title = _title("busier of CPU, GPU", busiest, days, scale, unit=" %")
        parts += [title, *_lines(busiest, scale, LOW, top=100.0)]
        parts += _legend(busiest)
    if any(day.cost is not None for day in bill):
        currency = next((day.currency for day in bill if day.currency), "")
        billed = _together(map(_cost, bill), scale.days, sum)
        parts += [_title(f"{currency} billed {scale.each()}", billed, days, scale)]
        parts += [*_lines(billed, scale, LOW), *_legend(billed)]
    return parts


def bars(values: Sequence[float | None], name: str, width: int) -> Parts:
    """Any values of days in a row, in at most `width` cells; None is not known."""
    scale = scale_for(len(values), width)
    merged = _together((Bar(value, NOT_KNOWN) for value in values), scale.days, sum)
    top = max((bar.value or 0.0 for bar in merged), default=0.0)
    title = name if scale.days == 1 else f"{name}, {counted(scale.days, 'day')} a bar"
    most = f" · most {number(top)}" if top > 0 else ""
    return [(f"{title}{most}\n", "bold"), *_lines(merged, scale, HEIGHT), *_legend(merged)]


def scale_for(count: int, width: int) -> Scale:
    """As many cells a day as there is room for, or else several days a cell."""
    room = max(width, LEAST_WIDTH)
    days = max(-(-count // room), 1)
    bars = max(-(-count // days), 1)
    return Scale(days, min(max(room // bars, 1), MOST_CELLS))


def dates(days: Sequence[date], scale: Scale) -> str:
    """Dates under the bars, each starting under its own; the last one ends the line."""
    width = -(-len(days) // scale.days) * scale.cells
    last = _day(days[-1])
    line = ""
    for at in range(0, len(days), _days_a_label(scale)):
        start, label = at // scale.days * scale.cells, _day(days[at])
        if start + len(label) + LABEL_GAP <= width - len(last):
            line = line.ljust(start) + label
    return line + last.rjust(width - len(line))


def _days_a_label(scale: Scale) -> int:
    """Whole weeks, as few as leave room between two labels."""
    weeks = 1
    while weeks * 7 // scale.days * scale.cells < LABEL_WIDTH + LABEL_GAP:
        weeks += 1
    return weeks * 7


def _title(
    name: str, bars: Sequence[Bar], days: Sequence[DayRow], scale: Scale, unit: str = ""
) -> tuple[str, str]:
    """What is drawn, and its highest: `requests a day · most 144,860 on 12 Nov`."""
    top, at = max(((bar.value or 0.0, at) for at, bar in enumerate(bars)), default=(0.0, 0))
    most = f" · most {number(top)}{unit} on {_day(days[at * scale.days].day)}" if top > 0 else ""
    return f"{name}{most}\n", "bold"


def _together(
    days: Iterable[Bar], step: int, total: Callable[[Sequence[float]], float]
) -> list[Bar]:
    """Bars of `step` days. What was seen shows; among silent days, the worst sign does."""
    items, bars = list(days), []
    for at in range(0, len(items), step):
        held = items[at : at + step]
        values = [bar.value for bar in held if bar.value is not None]
        signs = [bar.sign for bar in held if bar.value is None]
        value = total(values) if values else None
        worst = next((sign for sign in (NOT_KNOWN, EMPTY) if sign in signs), ZERO)
        bars.append(Bar(None if not value and signs else value, worst))
    return bars


def _lines(bars: Sequence[Bar], scale: Scale, height: int, top: float | None = None) -> Parts:
    """The bars line by line, up to `top` where it is given: then even lines that none reaches."""
    most = max((bar.value or 0.0 for bar in bars), default=0.0)
    rows = height if most > 0 else 1
    columns = [_column(bar, max(top or most, most), rows) for bar in bars]
    drawn = ("".join(column[row] * scale.cells for column in columns) for row in range(rows))
    return [(line.rstrip() + "\n", "$primary") for line in drawn]


def _life(days: Sequence[DayRow], scale: Scale) -> Parts:
    signs = (
        ALIVE if all(day.is_alive for day in days[at : at + scale.days]) else NO_SIGN
        for at in range(0, len(days), scale.days)
    )
    return [("".join(sign * scale.cells for sign in signs) + "\n", "$success")]


def _legend(bars: Sequence[Bar], days: Sequence[DayRow] = ()) -> Parts:
    """The signs that occur and what they mean; of the life line too where its days are given."""
    shown = {ZERO if bar.value == 0 else bar.sign for bar in bars if not bar.value}
    parts = [f"{sign} {meaning}" for sign, meaning in _MEANINGS.items() if sign in shown]
    if any(day.is_alive for day in days):
        parts.insert(0, f"{ALIVE} alive")
    return [("  ".join(parts) + "\n", "$text-muted")] if parts else []


def _column(bar: Bar, top: float, height: int) -> str:
    """One bar from top to bottom."""
    if not bar.value:
        return " " * (height - 1) + (ZERO if bar.value is not None else bar.sign)
    eighths = max(round(bar.value / top * height * 8), 1)
    levels = (min(max(eighths - 8 * row, 0), 8) for row in reversed(range(height)))
    return "".join(BLOCKS[level] for level in levels)


def _requests(day: DayRow) -> Bar:
    """A zero is drawn only where both answers cover the day: one alone proves none."""
    if not day.requests and not day.was_asked:
        return Bar(None, NOT_KNOWN)
    return Bar(day.requests, EMPTY if day.was_asked and day.is_alive else NOT_KNOWN)


def _busiest(day: DayRow) -> Bar:
    """The busier of processor and graphics card."""
    known = [value for value in (day.cpu_percent, day.gpu_percent) if value is not None]
    return Bar(max(known, default=None), NOT_KNOWN)


def _cost(day: BilledDay) -> Bar:
    return Bar(None if day.cost is None else float(day.cost), NOT_KNOWN)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
