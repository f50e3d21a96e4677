"""Charts of a review as SVG that needs no program: bars with their numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from queries.reports.review import Review
from queries.reports.sections import Cell, Section
from queries.text.cells import printable

WIDTH, ROW, GAP, SPACE = 960, 22, 8, 10
# Room for a label and for the figure at the end of a bar, in user units.
LABELS, LETTER, END = (90, 320), 8, 130
# Each kind has a pattern of its own in the page's style, so that no colour alone tells it. What
# served nobody begins at the line that all bars share: it is what weeks are compared by.
KINDS = (
    ("served_nobody", "served nobody"),
    ("not_judged", "not judged"),
    ("kept", "kept"),
    ("in_use", "in use"),
    ("endpoints_alone", "endpoints without a deployment"),
)
SAVED = (("saved", "saved"), ("grown_elsewhere", "grown elsewhere"))
WASTE = (("served_nobody", "served nobody"),)
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar: its kind, where it begins and how large it is (user units)."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart; `end` is the figure behind it, `words` all of it in words."""

    label: str
    y: int
    end_x: float
    end: str
    parts: tuple[Part, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars of one currency; `section` is the table that has the same numbers."""

    section: str
    title: str
    legend: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    label_x: float
    left_out: int = 0

    @property
    def height(self) -> int:
        """Of the drawing, in user units."""
        return len(self.bars) * (ROW + GAP) + GAP

    @property
    def description(self) -> str:
        """The chart in words."""
        return "; ".join(f"{bar.label}: {bar.words}" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a chart is made of: the column of its labels, its kinds, and how bars are drawn."""

    title: str
    label: str
    kinds: tuple[tuple[str, str], ...]
    is_stacked: bool = True


def charts_of(review: Review) -> dict[str, list[Chart]]:
    """The charts by the section that they stand in; none where there is nothing to draw."""
    shapes = {
        "weeks": Shape("Spend by week", "week", KINDS),
        "waste": Shape("Served nobody, by owner", "owner", WASTE),
        "savings": Shape("Saved in the quarter", "deployment", SAVED, is_stacked=False),
    }
    found = {name: review.find(name) for name in shapes}
    return {name: _charts(part, shapes[name]) for name, part in found.items() if part is not None}


def _charts(part: Section, shape: Shape) -> list[Chart]:
    """One chart for each currency, since amounts of two are never compared."""
    absent = part.columns[part.column(shape.label)].absent
    records = [row for place, row in enumerate(part.records()) if place not in part.totals]
    charts = []
    for currency in sorted({str(row["currency"]) for row in records if row["currency"]}):
        lines = [
            (
                printable(str(row[shape.label] or absent)),
                [row.get(kind) for kind, _word in shape.kinds],
            )
            for row in records
            if row["currency"] == currency
        ]
        chart = _chart(part.name, shape, currency, lines)
        if chart is not None:
            charts.append(chart)
    return charts


def _chart(
    name: str, shape: Shape, currency: str, lines: Sequence[tuple[str, Sequence[Cell]]]
) -> Chart | None:
    drawn = lines[:MOST_BARS]
    used = [
        place
        for place in range(len(shape.kinds))
        if any(amounts[place] is not None and _length(amounts[place]) for _label, amounts in drawn)
    ]
    if not used:
        return None
    shape = Shape(
        shape.title, shape.label, tuple(shape.kinds[place] for place in used), shape.is_stacked
    )
    drawn = [(label, [amounts[place] for place in used]) for label, amounts in drawn]
    longest = max(len(label) for label, _amounts in drawn) * LETTER
    label_x = min(max(longest, LABELS[0]), LABELS[1])
    bars = _bars(drawn, shape, currency, label_x + SPACE)
    left_out = len(lines) - len(drawn)
    return Chart(name, f"{shape.title}, {currency}", shape.kinds, bars, label_x, left_out)


def _bars(
    lines: Sequence[tuple[str, Sequence[Cell]]], shape: Shape, currency: str, begin: float
) -> tuple[Bar, ...]:
    together = sum if shape.is_stacked else max
    largest = max(together([_length(a) for a in amounts]) for _label, amounts in lines)
    scale = (WIDTH - begin - END) / float(largest)
    return tuple(
        _bar(label, amounts, shape, currency, (begin, GAP + place * (ROW + GAP), scale))
        for place, (label, amounts) in enumerate(lines)
    )


def _bar(
    label: str,
    amounts: Sequence[Cell],
    shape: Shape,
    currency: str,
    place: tuple[float, int, float],
) -> Bar:
    begin, y, scale = place
    height = ROW if shape.is_stacked else ROW / len(amounts)
    x, parts, texts = begin, [], []
    for row, ((kind, word), amount) in enumerate(zip(shape.kinds, amounts, strict=True)):
        words = f"{word} {_amount_text(amount, currency)}"
        width = float(_length(amount)) * scale
        top = y if shape.is_stacked else y + row * height
        parts.append(Part(kind, round(x, 1), top, round(width, 1), height, words))
        texts.append(words)
        x += width if shape.is_stacked else 0
    far = max(part.x + part.width for part in parts)
    return Bar(label, y, far + SPACE, _end(amounts, shape), tuple(parts), ", ".join(texts))


def _end(amounts: Sequence[Cell], shape: Shape) -> str:
    """The figure behind a bar: what its parts come to, or the last of them."""
    if not shape.is_stacked:
        return "not known" if amounts[-1] is None else f"{Decimal(str(amounts[-1])):,.0f}"
    known = [Decimal(str(amount)) for amount in amounts if amount is not None]
    return f"{sum(known, Decimal(0)):,.0f}" if known else "not known"


def _amount_text(amount: Cell, currency: str) -> str:
    return "not known" if amount is None else f"{Decimal(str(amount)):,.2f} {currency}"


def _length(amount: Cell) -> Decimal:
    """What can be drawn: a credit has no length, and what is unknown has none either."""
    return max(Decimal(0), Decimal(str(amount))) if amount is not None else Decimal(0)
