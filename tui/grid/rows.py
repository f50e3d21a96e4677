"""The rows of a grid without its looks: filtered, sorted, grouped, found again by their keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Union

from tui.grid.columns import Column, Row, sorted_by
from tui.views.view import Sort

Shows = Callable[[Row], "bool | None"]


@dataclass(frozen=True, slots=True)
class Group(Generic[Row]):
    """Rows that share the text of a column; `–` is the name of those where it is not known."""

    name: str
    rows: tuple[Row, ...]
    is_open: bool


Line = Union[Row, Group[Row]]  # noqa: UP007 - a type variable alone is no alias


class GridRows(Generic[Row]):
    """Every change makes `shown` and `lines` anew from all rows.

    `shown` are the rows that the filter lets through, in their order; `lines` are what is drawn:
    the same, or the groups with the rows of those that are open.
    """

    def __init__(
        self, columns: Sequence[Column[Row]], key: Callable[[Row], str], sort: Sort
    ) -> None:
        """No rows yet. `key` tells rows apart, over every refresh."""
        self.key = key
        self.sort = sort
        self.group: str | None = None
        self.every: tuple[Row, ...] = ()
        self.by_key: dict[str, Row] = {}
        self.shown: list[Row] = []
        self.lines: list[Line[Row]] = []
        self.unknown = 0
        self.before: dict[str, Row] = {}
        self._columns = {column.id: column for column in columns}
        self._shows: Shows[Row] | None = None
        self._open: set[str] = set()

    def compare(self) -> None:
        """Remember the rows as they are, for telling what the next ones change."""
        self.before = self.by_key

    def replace(self, rows: Sequence[Row]) -> None:
        """Other rows; sort, filter, group and what is open stay."""
        self.every = tuple(rows)
        self.by_key = {self.key(row): row for row in self.every}
        self._arrange()

    def filter_by(self, shows: Shows[Row] | None) -> None:
        """Show the rows that it says True of; None is not known, hidden and counted."""
        self._shows = shows
        self._arrange()

    def sort_by(self, sort: Sort) -> None:
        """Sort; a column that there is not leaves the sort as it was."""
        if sort.column_id in self._columns:
            self.sort = sort
        self._arrange()

    def group_by(self, column_id: str | None) -> None:
        """Gather rows by the text of a column, all groups closed; None: no groups."""
        self.group = column_id if column_id in self._columns else None
        self._open.clear()
        self._arrange()

    def arrange_by(self, sort: Sort, group: str | None) -> None:
        """Sort and group at once; columns that there are not are left out."""
        self.sort = sort if sort.column_id in self._columns else self.sort
        self.group_by(group)

    def toggle(self, group: Group[Row]) -> None:
        """Open a closed group, close an open one."""
        self._open ^= {group.name}
        self._arrange()

    def hides(self, row: Row) -> bool:
        """Whether the filter hides a row."""
        return self._shows is not None and self._shows(row) is not True

    def name_of(self, line: Line[Row]) -> str:
        """What tells a line apart from all others, over every refresh."""
        return f"group {line.name}" if isinstance(line, Group) else f"row {self.key(line)}"

    def place_of(self, name: str | None) -> int | None:
        """The place among the lines of what `name_of` named, if it is there."""
        if name is None:
            return None
        places = (place for place, line in enumerate(self.lines) if self.name_of(line) == name)
        return next(places, None)

    def _arrange(self) -> None:
        kept: Sequence[Row] = self.every
        self.unknown = 0
        if self._shows is not None:
            answers = list(map(self._shows, self.every))
            kept = [row for row, shows in zip(self.every, answers, strict=True) if shows]
            self.unknown = answers.count(None)
        self.shown = sorted_by(kept, self._columns[self.sort.column_id], self.sort.descending)
        self.lines = list(self.shown) if self.group is None else self._grouped(self.group)

    def _grouped(self, column_id: str) -> list[Line[Row]]:
        """Groups in the order of their first rows, so that the sort orders them too."""
        column = self._columns[column_id]
        gathered: dict[str, list[Row]] = {}
        for row in self.shown:
            gathered.setdefault(column.group_of(row), []).append(row)
        lines: list[Line[Row]] = []
        for name, rows in gathered.items():
            group = Group(name, tuple(rows), name in self._open)
            lines.append(group)
            if group.is_open:
                lines.extend(rows)
        return lines
