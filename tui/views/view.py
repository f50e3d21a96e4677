"""How a table is shown: its order, groups and columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sort:
    """Which column the rows are sorted by, and what those that are equal in it are sorted by."""

    column_id: str
    descending: bool = False
    then: Sort | None = None


@dataclass(frozen=True, slots=True)
class View:
    """Order, groups and columns of a table; `columns` None: those shown by default.

    The columns in `widened` are as long as the longest that they say.
    """

    sort: Sort
    group: str | None = None
    columns: tuple[str, ...] | None = None
    widened: tuple[str, ...] = ()
