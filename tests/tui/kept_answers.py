"""What the interface reads of a store that no test has changed is read once in a process.

Each test has a copy of the store, which keeps the time of its last change: copies of one size and
one time are one store. Whoever writes to a copy, or breaks it, changes its time and is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from queries.estate.rows import DeploymentRow
from queries.store.file import Store
from tui.state import estate
from tui.state.estate import SHORT_DAYS, Details, Estate

Key = tuple[object, ...]


@contextmanager
def kept_answers() -> Iterator[None]:
    """Keep the answers of the home, and of the details of each row."""
    kept: dict[Key, Any] = {}
    first, whole = estate.read_first, estate.read_estate
    details = estate.read_details

    def answer(store: Store, about: Key, read: Callable[[], Any]) -> Any:
        known = _known_by(store.path)
        if known is None:
            return read()
        key = (*known, *about)
        if key not in kept:
            kept[key] = read()
        return kept[key]

    def read_first(store: Store) -> Estate | None:
        return _own(answer(store, ("first", estate.FIRST_ROWS), lambda: first(store)))

    def read_estate(store: Store) -> Estate | None:
        return _own(answer(store, ("whole",), lambda: whole(store)))

    def read_details(
        store: Store, row: DeploymentRow, span_days: int = SHORT_DAYS
    ) -> Generator[Details]:
        about = ("details", row.deployment_key, row.snapshot_id, row.as_of, span_days)
        yield from answer(store, about, lambda: tuple(details(store, row, span_days)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.state.estate.read_first", read_first)
        patch.setattr("tui.present.read_estate", read_estate)
        patch.setattr("tui.state.estate.read_details", read_details)
        yield


def _known_by(path: Path) -> Key | None:
    """What tells a store's file from changed ones; None where it may hold more than its file."""
    if path.with_name(path.name + ".wal").exists():
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns)


def _own(read: Estate | None) -> Estate | None:
    """An estate with rows of which nobody else has worked anything out."""
    return read and replace(read, rows=read.rows[:])
