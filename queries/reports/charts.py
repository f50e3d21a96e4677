"""Charts of a review as SVG that needs no program: bars with their numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from queries.reports.review import Review
from queries.reports.sections import Section

WIDTH, ROW, LABEL, GAP = 720, 26, 240, 8
# Each kind has a pattern of its own in the page's style, so that no colour alone tells it.
KINDS = (
    ("in_use", "in use"),
    ("kept", "kept"),
    ("not_judged", "not judged"),
    ("served_nobody", "served nobody"),
)
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar: its kind, where it begins and how wide it is (user units)."""

    kind: str
    x: float
    width: float
    told: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart."""

    label: str
    y: int
    parts: tuple[Part, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars of one currency; `section` is the table that has the same numbers."""

    section: str
    title: str
    legend: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Of the drawing, in user units."""
        return len(self.bars) * (ROW + GAP) + GAP

    @property
    def description(self) -> str:
        """The chart in words."""
        return "; ".join(f"{bar.label}: {bar.told}" for bar in self.bars)


def charts_of(review: Review) -> dict[str, list[Chart]]:
    """The charts by the section that they stand in; none where there is nothing to draw."""
    saved = (("forecast", "forecast"), ("realised", "realised"))
    waste = (("served_nobody", "served nobody"),)
    return {
        "weeks": _charts(review.section("weeks"), "week", KINDS, "Spend by week"),
        "waste": _charts(review.section("waste"), "owner", waste, "Served nobody, by owner"),
        "savings": _charts(
            review.section("savings"), "deployment", saved, "Savings a month", is_stacked=False
        ),
    }


def _charts(
    part: Section,
    label: str,
    kinds: Sequence[tuple[str, str]],
    title: str,
    *,
    is_stacked: bool = True,
) -> list[Chart]:
    """One chart for each currency, since amounts of two are never compared."""
    currencies = sorted({str(row[part.column("currency")]) for row in part.rows})
    charts = []
    for currency in currencies:
        rows = [row for row in part.rows if str(row[part.column("currency")]) == currency]
        lines = [
            (
                str(row[part.column(label)] or "without an owner"),
                [_amount(row[part.column(kind)]) for kind, _word in kinds],
            )
            for row in rows[:MOST_BARS]
        ]
        bars = _bars(lines, kinds, currency, is_stacked=is_stacked)
        if bars:
            charts.append(Chart(part.name, f"{title}, {currency}", tuple(kinds), bars))
    return charts


def _bars(
    lines: Sequence[tuple[str, Sequence[Decimal]]],
    kinds: Sequence[tuple[str, str]],
    currency: str,
    *,
    is_stacked: bool,
) -> tuple[Bar, ...]:
    total = sum if is_stacked else max
    largest = max((total(amounts) for _label, amounts in lines), default=Decimal(0))
    if largest <= 0:
        return ()
    scale = (WIDTH - LABEL - 10) / float(largest)
    bars = []
    for place, (label, amounts) in enumerate(lines):
        x, parts = float(LABEL), []
        for (kind, word), amount in zip(kinds, amounts, strict=True):
            told = f"{word} {amount:,.2f} {currency}"
            parts.append(Part(kind, round(x, 1), round(float(amount) * scale, 1), told))
            x += float(amount) * scale if is_stacked else 0
        told = ", ".join(part.told for part in parts)
        bars.append(Bar(label, GAP + place * (ROW + GAP), tuple(parts), told))
    return tuple(bars)


def _amount(value: object) -> Decimal:
    """What can be drawn: a credit has no width, and what is unknown has none either."""
    return max(Decimal(0), Decimal(str(value))) if value is not None else Decimal(0)
