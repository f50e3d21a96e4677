"""Deployments kept by column: each value once, and for each row the number of its value.

A hundred thousand `DeploymentRow`s take 600 MB; kept so they take a tenth, and what is asked of a
column (a filter, a sort) is asked once a value. A row is made when it is looked at.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, overload

from queries.estate.joined import Joined, Numbers, PlacesOf
from queries.estate.rows import DeploymentRow

FIELD_NAMES = tuple(each.name for each in fields(DeploymentRow))
FIELD_SET = frozenset(FIELD_NAMES)
_MOST_MADE = 512
_FEW = 2_000
# A part that is smaller than this part of the whole is counted by itself.
_PART = 4
Kept = TypeVar("Kept")
_set = object.__setattr__


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """`values[numbers[n]]` is the value of row `n`."""

    numbers: Sequence[int]
    values: Sequence[Any]

    def by_row(self) -> Iterator[Any]:
        """The value of each row."""
        return map(self.values.__getitem__, self.numbers)

    def counted(self, places: Sequence[int]) -> Iterator[tuple[Any, int]]:
        """The values of the rows at these places, with how many have them."""
        counts = _counted(picker(places)(self.numbers), len(self.values))
        return ((self.values[number], count) for number, count in counts)

    def at(self, places: Sequence[int]) -> Column:
        """The column of the rows at these places."""
        return Column(
            shortened(map(self.numbers.__getitem__, places), len(self.values)), self.values
        )


class _Row(DeploymentRow):
    """A deployment whose values are looked up when they are first asked for."""

    __slots__ = ("_columns", "_place")
    _columns: Mapping[str, Column]
    _place: int

    def __getattr__(self, name: str) -> Any:
        # Python asks here for what is not set yet.
        if name not in FIELD_SET:
            raise AttributeError(name)
        column = self._columns[name]
        value = column.values[column.numbers[self._place]]
        _set(self, name, value)
        return value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DeploymentRow):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in FIELD_NAMES)

    __hash__ = None  # type: ignore[assignment]


def _bare() -> _Row:
    return object.__new__(_Row)


class PackedRows(Sequence[DeploymentRow]):
    """Deployments in an order; never changed. What was worked out of a column is kept."""

    def __init__(self, columns: Mapping[str, Column], length: int) -> None:
        """Rows of these columns, one for each field of a deployment."""
        self._columns = dict(columns)
        self._length = length
        self._parent: tuple[PackedRows, Sequence[int]] | None = None
        self._made: dict[int, DeploymentRow] = {}
        self._worked_out: dict[tuple[object, ...], Any] = {}

    def __len__(self) -> int:
        """How many rows."""
        return self._length

    @overload
    def __getitem__(self, place: int) -> DeploymentRow: ...
    @overload
    def __getitem__(self, place: slice) -> PackedRows: ...
    def __getitem__(self, place: int | slice) -> DeploymentRow | PackedRows:
        """The row at a place, the same object while few others are looked at; or a part."""
        if isinstance(place, slice):
            return self.part(range(self._length)[place])
        place = range(self._length)[place]
        if self._parent is not None:
            rows, places = self._parent
            return rows[places[place]]
        row = self._made.get(place)
        if row is None:
            if len(self._made) >= _MOST_MADE:
                self._made.clear()
            row = self._made[place] = self._row(place)
        return row

    def __iter__(self) -> Iterator[DeploymentRow]:
        """Each row, made for the moment where it is not looked at."""
        return map(self._glance, range(self._length))

    def column(self, name: str) -> Column:
        """The values of a field."""
        found = self._columns.get(name)
        if found is None:
            if self._parent is None:
                raise AttributeError(name)
            parent, places = self._parent
            found = self._columns[name] = parent.column(name).at(places)
        return found

    def counts(self, *names: str) -> Counter[Any]:
        """How many rows have each value of a field; of several, each tuple of their values."""
        return self.kept(("counts", names), lambda: self._counts(names))

    def counts_by(self, function: Callable[[Any], Any], reads: Sequence[str]) -> Counter[Any]:
        """How many rows a function says each thing of; see `evaluate`."""
        return self.kept(("counts by", function), lambda: self._counts_by(function, reads))

    def pairs(self, *names: str) -> Iterator[tuple[Any, int]]:
        """What `counts` holds, the same values perhaps several times: amounts are no quick keys."""
        of_whole, places = self._parent or (self, range(self._length))
        if len(names) == 1:
            return of_whole.column(names[0]).counted(places)
        if len(of_whole) < _PART * self._length:
            return of_whole.together(names).counted(places)
        columns = [self.column(name) for name in names]
        counts = Counter(zip(*(column.numbers for column in columns), strict=True))
        return zip(_tuples_of(columns, counts), counts.values(), strict=True)

    def _counts(self, names: tuple[str, ...]) -> Counter[Any]:
        return _added(self.pairs(*names))

    def _counts_by(self, function: Callable[[Any], Any], reads: Sequence[str]) -> Counter[Any]:
        of_whole, places = self._parent or (self, range(self._length))
        if not self._is_small:
            return _added(of_whole.evaluated(function, reads).counted(places))
        row = _bare()
        counts: Counter[Any] = Counter()
        for found, count in self.pairs(*reads):
            for name, value in zip(reads, found if len(reads) > 1 else (found,), strict=True):
                _set(row, name, value)
            counts[function(row)] += count
        return counts

    @property
    def _is_small(self) -> bool:
        """Whether its rows are sooner looked at than all values of the rows it is a part of."""
        return self._parent is not None and self._length < _FEW

    def together(self, names: tuple[str, ...]) -> Column:
        """The values of several fields as one, which is kept."""
        return self.kept(("together", names), lambda: self.evaluate(attrgetter(*names), names))

    def only(self, name: str, values: Container[Any]) -> PackedRows:
        """The rows whose field has one of these values, in their order."""
        column = self.column(name)
        is_one = [each in values for each in column.values]
        return self.part([p for p, n in enumerate(column.numbers) if is_one[n]])

    @property
    def places(self) -> Mapping[str, int]:
        """The place of each row by the key of its deployment."""
        return self.kept(("places",), lambda: _places_by(self.column("deployment_key")))

    def part(self, places: Sequence[int]) -> PackedRows:
        """The rows at these places, in their order."""
        part = PackedRows({}, len(places))
        part._parent = (self, places)
        return part

    def where(self, name: str, value: object) -> PackedRows:
        """The rows whose field has this value."""
        return self.only(name, (value,))

    def by_value(
        self, function: Callable[[Any], Any], reads: Sequence[str]
    ) -> dict[Any, PackedRows]:
        """The rows of which a function says the same, in the order of the first of each."""
        column = self.evaluate(function, reads)
        places: dict[int, array[int]] = {}
        for place, number in enumerate(column.numbers):
            if number not in places:
                places[number] = array("I")
            places[number].append(place)
        found: dict[Any, array[int]] = {}
        for number, those in places.items():
            found.setdefault(column.values[number], array("I")).extend(those)
        return {value: self.part(those) for value, those in found.items()}

    def with_columns(self, values: Mapping[str, Iterable[Any]]) -> PackedRows:
        """The same rows with other values of some fields, one for each row."""
        others = {name: _column_of(each) for name, each in values.items()}
        columns = {name: others.get(name) or self.column(name) for name in FIELD_NAMES}
        return PackedRows(columns, self._length)

    def kept(self, key: tuple[object, ...], work_out: Callable[[], Kept]) -> Kept:
        """What is worked out of these rows once."""
        if key not in self._worked_out:
            self._worked_out[key] = work_out()
        found: Kept = self._worked_out[key]
        return found

    def forget(self) -> None:
        """Keep nothing of what was worked out: others are shown now."""
        self._worked_out.clear()
        self._made.clear()

    def evaluated(self, function: Callable[[Any], Any], reads: Sequence[str]) -> Column:
        """What a function says of each row, which is kept; see `evaluate`."""
        return self.kept(("evaluated", function), lambda: self.evaluate(function, reads))

    def evaluate(self, function: Callable[[Any], Any], reads: Sequence[str]) -> Column:
        """What a function says of each row. It is asked once for equal values of what it reads;
        where that is not said (`reads` is empty), once for each row.
        """
        read = function.__reduce__()[1] if isinstance(function, attrgetter) else None
        if read == tuple(reads) and len(reads) == 1:
            return self.column(reads[0])
        if not reads:
            return Column(range(self._length), [function(row) for row in self])
        columns = [self.column(name) for name in reads]
        numbers, several = columns[0].numbers, ([each] for each in columns[0].values)
        if len(columns) > 1:
            found = Numbers[Any]()
            met = map(found.__getitem__, zip(*(each.numbers for each in columns), strict=True))
            numbers = shortened(list(met), len(found))
            several = ([c.values[n] for c, n in zip(columns, key, strict=True)] for key in found)
        if read == tuple(reads):
            return Column(numbers, list(_tuples_of(columns, found)))
        row = _bare()
        values = []
        for each in several:
            for name, value in zip(reads, each, strict=True):
                _set(row, name, value)
            values.append(function(row))
        return Column(numbers, values)

    def _glance(self, place: int) -> DeploymentRow:
        if self._parent is not None:
            rows, places = self._parent
            return rows._glance(places[place])
        return self._made.get(place) or self._row(place)

    def _row(self, place: int) -> DeploymentRow:
        # It knows the columns and not these rows, which know it: nothing here is a ring.
        row = _bare()
        _set(row, "_columns", self._columns)
        _set(row, "_place", place)
        return row


def picker(places: Sequence[int]) -> Callable[[Sequence[int]], Sequence[int]]:
    """What takes the numbers at these places; far quicker than one after the other."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda numbers: [numbers[place] for place in places]


def packed(rows: Iterable[DeploymentRow]) -> PackedRows:
    """Any rows by column."""
    rows = list(rows)
    columns = {name: _column_of([getattr(row, name) for row in rows]) for name in FIELD_NAMES}
    return PackedRows(columns, len(rows))


def ranks_of(values: Sequence[Any]) -> list[int]:
    """The place of each value among all, equal ones the same; behind all what is not known.

    Every table of both faces is sorted by these: what is not known is last in both directions.
    """
    known = [place for place, value in enumerate(values) if value is not None]
    if known and isinstance(values[known[0]], Decimal):
        known.sort(key=lambda place: float(values[place]))  # nearly right, and five times as quick
    known.sort(key=values.__getitem__)
    ranks = [len(values)] * len(values)
    for rank, (_value, alike) in enumerate(groupby(known, key=values.__getitem__)):
        for place in alike:
            ranks[place] = rank
    return ranks


def falling(ranks: Sequence[int]) -> list[int]:
    """The ranks from the largest value down; what is not known stays behind all."""
    last = len(ranks)
    return [last if rank == last else -rank for rank in ranks]


def in_order(rows: PackedRows, column: Column, *, descending: bool) -> PackedRows:
    """The rows by what a column says of each; what is not known is last both ways. Stable."""
    ranks = ranks_of(column.values)
    by_row = list(map((falling(ranks) if descending else ranks).__getitem__, column.numbers))
    return rows.part(array("I", sorted(range(len(rows)), key=by_row.__getitem__)))


def counts_of(rows: Sequence[DeploymentRow], *names: str) -> Counter[Any]:
    """How many rows have each value of a field; of several fields, each tuple of their values."""
    if not isinstance(rows, PackedRows):
        return Counter(map(attrgetter(*names), rows))
    return rows.counts(*names)


def counts_by(
    rows: Sequence[DeploymentRow], function: Callable[[Any], Any], reads: Sequence[str]
) -> Counter[Any]:
    """How many rows a function says each thing of; it reads these fields of a row."""
    if not isinstance(rows, PackedRows):
        return Counter(map(function, rows))
    return rows.counts_by(function, reads)


def only(
    rows: Sequence[DeploymentRow], name: str, values: Container[Any]
) -> Sequence[DeploymentRow]:
    """The rows whose field has one of these values, in their order."""
    if not isinstance(rows, PackedRows):
        return [row for row in rows if getattr(row, name) in values]
    return rows.kept(("only", name, values), lambda: rows.only(name, values))


def _tuples_of(
    columns: Sequence[Column], keys: Collection[tuple[int, ...]]
) -> Iterator[tuple[Any, ...]]:
    """The values that the numbers of each key stand for."""
    by_column = zip(*keys, strict=True) if keys else ()
    return zip(
        *(map(c.values.__getitem__, those) for c, those in zip(columns, by_column, strict=False)),
        strict=True,
    )


def _added(pairs: Iterable[tuple[Any, int]]) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    for value, count in pairs:
        counts[value] += count
    return counts


def _counted(numbers: Sequence[int], count: int) -> Iterable[tuple[int, int]]:
    """How often each number below a count occurs, of those that do."""
    if count > 1 << 8:
        return Counter(numbers).items()
    short = bytes(numbers)
    return ((number, found) for number in range(count) if (found := short.count(number)))


def _places_by(keys: Column) -> Mapping[str, int]:
    if isinstance(keys.values, Joined) and isinstance(keys.numbers, range):
        return PlacesOf(keys.values)
    return {key: place for place, key in enumerate(keys.by_row())}


def _column_of(values: Iterable[Any]) -> Column:
    values = list(values)
    found = Numbers[Any]()
    try:
        numbers = list(map(found.__getitem__, values))
    except TypeError:  # tags are no keys
        return Column(range(len(values)), values)
    return Column(shortened(numbers, len(found)), list(found))


def shortened(numbers: Iterable[int], count: int) -> Sequence[int]:
    """Numbers below a count in as little room as they need."""
    if count <= 1 << 8:
        return bytes(iter(numbers))  # of an array itself it would take the memory
    return array("H" if count <= 1 << 16 else "I", numbers)
