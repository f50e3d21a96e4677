"""What the store knows of all deployments, packed: rows come some at a time, and none is kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import MISSING, fields
from itertools import pairwise
from typing import Any

from queries.estate.packed import FIELD_NAMES, Column, Numbers, PackedRows, shortened
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


def _gathered(parts: Parts) -> PackedRows:
    """All rows, in the order of their places where they have any."""
    names: list[str] = []
    length = 0
    found: list[Numbers] = []
    numbers: list[array[int]] = []
    for names, rows in parts:
        if not found:
            found, numbers = [Numbers() for _ in names], [array("I") for _ in names]
        length += len(rows)
        by_column = zip(names, found, numbers, zip(*rows, strict=True), strict=True)
        for name, known, kept, values in by_column:
            kept.extend(map(known.__getitem__, _as_keys(name, values)))
    columns = {
        name: Column(shortened(kept, len(known)), _made(name, known))
        for name, known, kept in zip(names, found, numbers, strict=True)
    }
    gathered = PackedRows({n: columns.get(n) or _constant(n, length) for n in FIELD_NAMES}, length)
    places = list(columns["place"].by_row()) if "place" in columns else []
    if all(one <= other for one, other in pairwise(places)):
        return gathered
    return gathered.part(array("I", sorted(range(length), key=places.__getitem__)))


def _as_keys(name: str, values: tuple[Any, ...]) -> Iterable[Any]:
    """Values that can be told apart by a hash; lists come as tuples."""
    if name in _LISTS:
        return (None if value is None else tuple(value) for value in values)
    return values


def _made(name: str, values: Iterable[Any]) -> list[Any]:
    """The values as rows have them."""
    make = MADE.get(name)
    return list(values) if make is None else list(map(make, values))


def _constant(name: str, length: int) -> Column:
    """What a row has where the store says nothing of it."""
    return Column(bytes(length), [_DEFAULTS[name]])


_LISTS = frozenset({"reasons", "findings", "lock_names", "inherited_lock_names"})
_DEFAULTS: dict[str, Any] = {
    each.name: {} if each.name == "tags" else None if each.default is MISSING else each.default
    for each in fields(DeploymentRow)
}
