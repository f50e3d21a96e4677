"""Heads of the journal, noted beside the store at each snapshot: by them shows that it was cut.

The chain of hashes shows what was altered; that its end was cut off, or all of it, only a copy
outside of it can show.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from queries.store import library
from queries.store.file import NoStore, Store, StoreFailure
from queries.store.journal import Anchor, end_of_journal

Sign = Callable[[str], str]
"""A text to its signature, in base64."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry at some time, in the notes of one person; `snapshot_id` None: of none."""

    anchor: Anchor
    at: datetime
    snapshot_id: str | None
    place: str
    signature: str | None = None

    @property
    def signed_text(self) -> str:
        """What a signature is of."""
        anchor = self.anchor
        return f"{anchor.sequence}:{anchor.hash}:{anchor.first_hash}:{self.at.isoformat()}"


def line_of(anchor: Anchor, at: datetime, snapshot_id: str | None, sign: Sign | None) -> str:
    """A head as it is kept, in one line of JSON."""
    head = Head(anchor, at, snapshot_id, "")
    line = {**asdict(anchor), "at": at.isoformat(), "snapshot_id": snapshot_id}
    if sign is not None:
        line["signature"] = sign(head.signed_text)
    return json.dumps(line)


def keep_head(store: Store, snapshot_id: str, at: datetime, sign: Sign | None = None) -> None:
    """Note the newest entry, where there is one and it can be noted."""
    anchor = end_of_journal(store)
    if anchor is None:
        return
    line = line_of(anchor, at, snapshot_id, sign)
    # The journal is whole without it, and the snapshot is done.
    with suppress(OSError, StoreFailure):
        store.note_head(snapshot_id, line)


def heads(store: Store) -> list[Head]:
    """What was noted beside this store, oldest first; lines that are none are left out."""
    found = [
        head
        for place, line in sorted(store.noted_heads())
        if (head := head_in(line, place)) is not None
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


def head_in(line: str, place: str) -> Head | None:
    """A head that was kept as `line_of` writes it; None: the line is none."""
    try:
        given = json.loads(line)
        anchor = Anchor(int(given["sequence"]), str(given["hash"]), str(given["first_hash"]))
        at = datetime.fromisoformat(given["at"])
        snapshot, signature = given.get("snapshot_id"), given.get("signature")
        is_whole = all(isinstance(one, str | None) for one in (snapshot, signature))
        return Head(anchor, at, snapshot, place, signature) if at.tzinfo and is_whole else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
