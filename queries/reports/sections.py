"""A report as data: questions with their answers in rows, for every form that it is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

# `price` is money so small that it needs more than cents.
CellKind = Literal["text", "word", "money", "price", "count", "percent", "day"]
NUMERIC: frozenset[CellKind] = frozenset({"money", "price", "count", "percent"})
# What a cell holds: amounts as exact text, days as ISO 8601; None is unknown.
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` for programs, `title` for people, `absent` what None says to them."""

    name: str
    title: str
    kind: CellKind = "text"
    absent: str = "–"


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the report, its answer as rows, and what must be known beside it.

    `totals` are the places of the rows that sum up others; `empty` is what no row at all says.
    """

    name: str
    question: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    totals: tuple[int, ...] = ()
    empty: str = "None."

    def column(self, name: str) -> int:
        """The place of a column."""
        return [column.name for column in self.columns].index(name)

    def records(self) -> list[dict[str, Cell]]:
        """The rows by the names of their columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def section(
    name: str,
    question: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    note: str = "",
    empty: str = "None.",
) -> Section:
    """A section of rows by column name; a row that sums up others has a true `is_total`."""
    cells = tuple(tuple(_cell(row.get(c.name)) for c in columns) for row in rows)
    totals = tuple(place for place, row in enumerate(rows) if row.get("is_total"))
    return Section(name, question, tuple(columns), cells, note, totals, empty)


def as_facts(part: Section) -> dict[str, Any]:
    """A section as plain JSON."""
    return asdict(part)


def from_facts(facts: Mapping[str, Any]) -> Section:
    """A section as it was frozen, by an earlier version too."""
    columns = tuple(Column(**column) for column in facts["columns"])
    rows = tuple(tuple(row) for row in facts["rows"])
    named = {name: facts[name] for name in ("name", "question", "note", "empty") if name in facts}
    return Section(columns=columns, rows=rows, totals=tuple(facts.get("totals", ())), **named)


def _cell(value: Any) -> Cell:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value)
    return value  # type: ignore[no-any-return]
