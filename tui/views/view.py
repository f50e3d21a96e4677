"""How a table is shown: its order, groups and columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sort:
    """Which column the rows are sorted by."""

    column_id: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Order, groups and columns of a table; `columns` None: those shown by default."""

    sort: Sort
    group: str | None = None
    columns: tuple[str, ...] | None = None
