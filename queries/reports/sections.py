"""A report as data: questions with their answers in rows, for every form that it is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["text", "money", "count", "percent", "day"]
# What a cell holds: amounts as exact text, days as ISO 8601; None is unknown.
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` for programs, `title` for people."""

    name: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the report, its answer as rows, and what must be known beside it."""

    name: str
    question: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def column(self, name: str) -> int:
        """The place of a column."""
        return [column.name for column in self.columns].index(name)


def section(
    name: str,
    question: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    note: str = "",
) -> Section:
    """A section of rows by column name."""
    cells = tuple(tuple(_cell(row.get(c.name)) for c in columns) for row in rows)
    return Section(name, question, tuple(columns), cells, note)


def as_facts(part: Section) -> dict[str, Any]:
    """A section as plain JSON."""
    return asdict(part)


def from_facts(facts: Mapping[str, Any]) -> Section:
    """A section as it was frozen."""
    columns = tuple(Column(**column) for column in facts["columns"])
    rows = tuple(tuple(row) for row in facts["rows"])
    return Section(facts["name"], facts["question"], columns, rows, facts["note"])


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
