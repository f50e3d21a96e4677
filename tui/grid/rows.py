"""The rows of a grid without its looks: filtered, sorted, grouped, found again by their keys.

Rows are known by their places among all; an order is a list of places, an answer of the filter a
byte at a place. So nothing here looks at 100,000 rows one by one where they are kept by column.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Generic, Union, cast, overload

from queries.estate.packed import PackedRows, picker
from queries.filter import SHOWS, UNKNOWN, Asked, answers_of
from tui.grid.columns import (
    Column,
    Row,
    group_names,
    places_by,
    sorted_values,
    totals_by,
)
from tui.views.view import Sort
from tui.words.untrusted import UNKNOWN as UNKNOWN_TEXT
from tui.words.untrusted import harmless

Shows = Callable[[Row], "bool | None"]
_FEW = 100
_IS_SHOWN = bytes(answer == SHOWS for answer in range(256))


class Group(Generic[Row]):
    """Rows that share the text of a column; `–` is the name of those where it is not known."""

    __slots__ = ("_every", "_rows", "_totals", "is_open", "name", "places")

    def __init__(
        self, name: str, every: Sequence[Row], places: Sequence[int], *, is_open: bool = False
    ) -> None:
        """Those at these places of all rows."""
        self.name, self.places, self.is_open = name, places, is_open
        self._every = every
        self._rows: Sequence[Row] | None = None
        self._totals: dict[str, str] = {}

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, the same at each call."""
        if self._rows is None:
            self._rows = _taken(self._every, self.places)
        return self._rows

    def total_of(self, column: Column[Row]) -> str:
        """What its rows come to in a column; empty where that is nothing that is added up."""
        if column.total is None:
            return ""
        if column.id not in self._totals:
            (found,) = totals_by(self._every, column.total, (self.places,))
            text = column.total.text(found)
            self._totals[column.id] = UNKNOWN_TEXT if text is None else harmless(text)
        return self._totals[column.id]


Line = Union[Row, Group[Row]]  # noqa: UP007 - a type variable alone is no alias


class Lines(Sequence[Line[Row]]):
    """What is drawn: rows by their places, and groups."""

    def __init__(self, rows: Sequence[Row], items: Sequence[int | Group[Row]]) -> None:
        """Lines of these rows."""
        self._rows, self.items = rows, items

    def __len__(self) -> int:
        """How many."""
        return len(self.items)

    @overload
    def __getitem__(self, place: int) -> Line[Row]: ...
    @overload
    def __getitem__(self, place: slice) -> Lines[Row]: ...
    def __getitem__(self, place: int | slice) -> Line[Row] | Lines[Row]:
        """The row or the group."""
        if isinstance(place, slice):
            return Lines(self._rows, self.items[place])
        item = self.items[place]
        return item if isinstance(item, Group) else self._rows[item]


class RowsByKey(Mapping[str, Row]):
    """Rows by what tells them apart."""

    def __init__(self, rows: Sequence[Row], key: Callable[[Row], str]) -> None:
        """Of packed rows the key is that of the deployment."""
        self.rows = rows
        self.places: Mapping[str, int] = (
            rows.places
            if isinstance(rows, PackedRows)
            else {key(row): place for place, row in enumerate(rows)}
        )

    def __len__(self) -> int:
        """How many keys."""
        return len(self.places)

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self.places)

    def __contains__(self, key: object) -> bool:
        """Whether there is a row of a key."""
        return key in self.places

    def __getitem__(self, key: str) -> Row:
        """The row of a key."""
        return self.rows[self.places[key]]


@dataclass(frozen=True, slots=True, eq=False)
class Marked(Generic[Row]):
    """The marked rows and their places, after so many changes of the marks."""

    changes: int
    by_key: Mapping[str, Row]
    places: Sequence[int]
    rows: Sequence[Row]


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
        self.every: Sequence[Row] = ()
        self.by_key = RowsByKey(self.every, key)
        self.shown: Sequence[Row] = []
        self.groups: list[Group[Row]] = []
        self.lines: Lines[Row] = Lines((), ())
        self.unknown = 0
        self.before: Mapping[str, Row] = {}
        self._columns = {column.id: column for column in columns}
        self._shows: Shows[Row] | None = None
        self._answers: bytes | None = None
        self._order: Sequence[int] = ()
        self._in_order = picker(())
        self._open: set[str] = set()

    def compare(self) -> None:
        """Remember the rows as they are, for telling what the next ones change."""
        self.before = self.by_key

    def replace(self, rows: Sequence[Row]) -> None:
        """Other rows; sort, filter, group and what is open stay."""
        is_packed = isinstance(rows, PackedRows)  # never changed
        self.every = rows if is_packed else tuple(rows)
        self.by_key = RowsByKey(self.every, self.key)
        self._answer()
        self._sort()
        self._arrange()

    def filter_by(self, shows: Shows[Row] | None) -> None:
        """Show the rows that it says True of; None is not known, hidden and counted."""
        self._shows = shows
        self._answer()
        self._arrange()

    def sort_by(self, sort: Sort) -> None:
        """Sort; a column that there is not leaves the sort as it was."""
        self._take(sort)
        self._sort()
        self._arrange()

    def group_by(self, column_id: str | None) -> None:
        """Gather rows by the text of a column, all groups closed; None: no groups."""
        self.group = column_id if column_id in self._columns else None
        self._open.clear()
        self._arrange()

    def arrange_by(self, sort: Sort, group: str | None) -> None:
        """Sort and group at once; columns that there are not are left out."""
        self._take(sort)
        self._sort()
        self.group_by(group)

    def open(self, names: Iterable[str]) -> None:
        """Open the groups of these names, now or when there are such."""
        self._open.update(names)
        self._arrange()

    def toggle(self, group: Group[Row]) -> None:
        """Open a closed group, close an open one."""
        self._open ^= {group.name}
        self._arrange()

    def hidden_of(self, places: Iterable[int]) -> list[int]:
        """Those of the places whose rows the filter hides."""
        answers = self._answers
        return [] if answers is None else [each for each in places if answers[each] != SHOWS]

    def places_of(self, keys: Iterable[str]) -> Sequence[int]:
        """The places of the rows of these keys, in their order; a key of no row has none."""
        found = map(self.by_key.places.get, keys)
        return array("I", (place for place in found if place is not None))

    def at(self, places: Sequence[int]) -> Sequence[Row]:
        """The rows at these places; few are a list."""
        if len(places) <= _FEW:
            return [self.every[place] for place in places]
        return _taken(self.every, places)

    def name_of(self, line: Line[Row]) -> str:
        """What tells a line apart from all others, over every refresh."""
        return f"group {line.name}" if isinstance(line, Group) else f"row {self.key(line)}"

    def place_of(self, name: str | None) -> int | None:
        """The place among the lines of what `name_of` named, if it is there.

        Of a row in a closed group it is that of the group.
        """
        kind, _space, named = (name or "").partition(" ")
        items = self.lines.items
        if kind == "row":
            place = self.by_key.places.get(named)
            if place is None or place in items:
                return None if place is None else items.index(place)
            groups = (group for group in self.groups if place in group.places)
            return next(map(items.index, groups), None)
        return next(
            (n for n, i in enumerate(items) if isinstance(i, Group) and i.name == named), None
        )

    def keys_of(self, line: Line[Row]) -> Iterable[str]:
        """The keys of the rows of a line."""
        return self._keys(line.rows) if isinstance(line, Group) else (self.key(line),)

    def _keys(self, rows: Sequence[Row]) -> Iterable[str]:
        if isinstance(rows, PackedRows):
            return rows.column("deployment_key").by_row()
        return map(self.key, rows)

    @property
    def keys_shown(self) -> Iterable[str]:
        """The key of each row that the filter lets through."""
        return self._keys(self.shown)

    @property
    def keys_of_lines(self) -> list[str]:
        """The key of each line that is a row, in their order."""
        keys = list(self.by_key.places)
        return [keys[item] for item in self.lines.items if not isinstance(item, Group)]

    def _answer(self) -> None:
        self._answers = None
        if isinstance(self._shows, Asked):
            self._answers = self._shows.of_all(self.every)
        elif self._shows is not None:
            self._answers = answers_of(self._shows, self.every)
        self.unknown = 0 if self._answers is None else self._answers.count(UNKNOWN)

    def _take(self, sort: Sort) -> None:
        if sort.column_id not in self._columns:
            return
        is_known = sort.then is not None and sort.then.column_id in self._columns
        self.sort = sort if is_known else replace(sort, then=None)

    def _sort(self) -> None:
        sorts = [each for each in (self.sort, self.sort.then) if each is not None]
        keys = [(self._columns[each.column_id], each.descending) for each in sorts]
        self._order = places_by(self.every, *keys)
        self._in_order = picker(self._order)

    def _arrange(self) -> None:
        places = self._order
        if self._answers is not None:
            is_shown = self._answers.translate(_IS_SHOWN)
            places = list(compress(places, self._in_order(is_shown)))
        self.shown = _taken(self.every, places)
        self.groups = []
        items = places if self.group is None else self._grouped(places, self.group)
        self.lines = Lines(self.every, items)

    def _grouped(self, places: Sequence[int], column_id: str) -> list[int | Group[Row]]:
        """Groups by what is sorted for, with the rows of those that are open."""
        names = group_names(self.every, self._columns[column_id])
        gathered: dict[str, list[int]] = {}
        for place in places:
            gathered.setdefault(names[place], []).append(place)
        groups = [
            Group(name, self.every, those, is_open=name in self._open)
            for name, those in gathered.items()
        ]
        self.groups = self._ordered(groups, self._columns[column_id])
        items: list[int | Group[Row]] = []
        for group in self.groups:
            items.append(group)
            if group.is_open:
                items.extend(group.places)
        return items

    def _ordered(self, groups: list[Group[Row]], column: Column[Row]) -> list[Group[Row]]:
        """By what their rows come to in the column that is sorted by; else by their first rows."""
        if (order := column.group_order) is not None:
            return sorted(groups, key=lambda group: order(group.name))
        total = self._columns[self.sort.column_id].total
        if total is None or column.id == self.sort.column_id:
            return groups
        found = totals_by(self.every, total, [group.places for group in groups])
        return sorted_values(groups, list(map(total.sort, found)), self.sort.descending)


def _taken(rows: Sequence[Row], places: Sequence[int]) -> Sequence[Row]:
    """The rows at these places."""
    if isinstance(rows, PackedRows):
        return cast("Sequence[Row]", rows.part(places))
    return [rows[place] for place in places]
