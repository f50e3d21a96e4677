"""Heads of the journal, noted beside the store at each snapshot: by them shows that it was cut.

The chain of hashes shows what was altered; that its end was cut off, or all of it, only a copy
outside of it can show.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from queries.store import library
from queries.store.file import NoStore, Store, StoreFailure
from queries.store.journal import Anchor, end_of_journal


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry at the end of a snapshot, in the notes of one person."""

    anchor: Anchor
    at: datetime
    snapshot_id: str
    place: str


def keep_head(store: Store, snapshot_id: str, at: datetime) -> None:
    """Note the newest entry, where there is one and it can be noted."""
    anchor = end_of_journal(store)
    if anchor is None:
        return
    line = json.dumps({**asdict(anchor), "at": at.isoformat(), "snapshot_id": snapshot_id})
    # The journal is whole without it, and the snapshot is done.
    with suppress(OSError, StoreFailure):
        store.note_head(snapshot_id, line)


def heads(store: Store) -> list[Head]:
    """What was noted beside this store, oldest first; lines that are none are left out."""
    found = [
        head
        for place, line in sorted(store.noted_heads())
        if (head := _head(line, place)) is not None
    ]
    return sorted(found, key=lambda head: head.at)


def heads_of_this(store: Store) -> list[Head]:
    """Those of this very store: another one may have been in its place before."""
    try:
        with store.reading() as connection:
            rows = library.ask(connection, "marks_of_store")
    except NoStore:
        return []
    firsts = {row["mark"] for row in rows if row["kind"] == "first_hash"}
    snapshots = {row["mark"] for row in rows if row["kind"] == "snapshot_id"}
    return [
        head
        for head in heads(store)
        if head.anchor.first_hash in firsts or head.snapshot_id in snapshots
    ]


def _head(line: str, place: str) -> Head | None:
    try:
        given = json.loads(line)
        anchor = Anchor(int(given["sequence"]), str(given["hash"]), str(given["first_hash"]))
        at = datetime.fromisoformat(given["at"])
        return Head(anchor, at, str(given["snapshot_id"]), place) if at.tzinfo else None
    except (ValueError, KeyError, TypeError):
        return None
