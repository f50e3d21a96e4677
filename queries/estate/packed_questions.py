"""What the store knows of all deployments, packed: rows come some at a time, and none is kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import MISSING, fields
from itertools import pairwise
from typing import Any

from queries.estate.joined import Joined, Numbers
from queries.estate.packed import FIELD_NAMES, Column, PackedRows, shortened
from queries.estate.questions import need_finished
from queries.estate.rows import MADE, DeploymentRow
from queries.store import library
from queries.store.file import Store
from queries.store.listing import listing_is_current

Parts = Iterable[tuple[list[str], list[tuple[Any, ...]]]]


def current_rows(store: Store) -> PackedRows:
    """The newest of every scope, by workspace, endpoint and deployment."""
    with store.reading() as connection:
        name = "rows_of_listing" if listing_is_current(connection) else "current_deployments"
        return _gathered(library.ask_in_parts(connection, name))


def rows_of_snapshot(store: Store, snapshot_id: str) -> PackedRows:
    """What one snapshot concluded; NoSnapshot where there is no finished one of that name."""
    with store.reading() as connection:
        need_finished(connection, snapshot_id)
        values = {"snapshot_id": snapshot_id}
        return _gathered(library.ask_in_parts(connection, "deployments_of_snapshot", values))


class _Gatherer:
    """Values of one column as they come."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known = Numbers[Any]()
        self._numbers: array[int] = array("I")
        self._joined = Joined()

    def extend(self, values: tuple[Any, ...]) -> None:
        if self._name in _LONG:
            self._joined.extend(values)
            return
        # A list is no key.
        keys = (v if v is None else tuple(v) for v in values) if self._name in _LISTS else values
        self._numbers.extend(map(self._known.__getitem__, keys))

    @property
    def column(self) -> Column:
        if self._name in _LONG:
            return Column(range(len(self._joined)), self._joined)
        make = MADE.get(self._name)
        values = list(self._known) if make is None else list(map(make, self._known))
        return Column(shortened(self._numbers, len(values)), values)


def _gathered(parts: Parts) -> PackedRows:
    """All rows, in the order of their places where they have any."""
    gatherers: dict[str, _Gatherer] = {}
    length = 0
    for names, rows in parts:
        gatherers = gatherers or {name: _Gatherer(name) for name in names}
        length += len(rows)
        for gatherer, values in zip(gatherers.values(), zip(*rows, strict=True), strict=True):
            gatherer.extend(values)
    columns = {name: gatherers.pop(name).column for name in list(gatherers)}
    gathered = PackedRows({n: columns.get(n) or _constant(n, length) for n in FIELD_NAMES}, length)
    places = list(columns["place"].by_row()) if "place" in columns else []
    if all(one <= other for one, other in pairwise(places)):
        return gathered
    return gathered.part(array("I", sorted(range(length), key=places.__getitem__)))


def _constant(name: str, length: int) -> Column:
    """What a row has where the store says nothing of it."""
    return Column(bytes(length), [_DEFAULTS[name]])


_LONG = frozenset({"id", "deployment_key"})
_LISTS = frozenset({"reasons", "findings", "lock_names", "inherited_lock_names"})
_DEFAULTS: dict[str, Any] = {
    each.name: {} if each.name == "tags" else None if each.default is MISSING else each.default
    for each in fields(DeploymentRow)
}
