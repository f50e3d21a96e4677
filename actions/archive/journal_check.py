"""Holds the journal against what is known of it outside: by archives, heads, and a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from actions.archive.reading import Archive, ArchiveFailure
from actions.archive.writing import archives_of
from actions.session import Session
from queries.store.heads import Head, head_in, heads_of_this
from queries.store.journal import entries


def lost_entries(session: Session) -> list[str]:
    """A line for each archive and head that knows an entry which its journal does not have.

    The chain of hashes shows what was altered; that its end was cut
    off, only a copy kept outside can show.
    An archive of another store's journal, by its first entry, tells nothing of this one.
    """
    known = {entry.sequence: entry.hash for entry in entries(session.store)}
    lines: list[str] = []
    found: list[Archive] = []
    try:
        found, _broken = archives_of(session)
    except ArchiveFailure as failure:
        lines.append(f"not held against the archives: {failure}")
    lines += [
        f"the archive {archive.name} knows entry {anchor.sequence}, which is not there any more"
        for archive in found
        if (anchor := archive.anchor) is not None
        and anchor.first_hash == known.get(1)
        and anchor.hash != known.get(anchor.sequence)
    ]
    lost = [
        head
        for head in heads_of_this(session.store)
        if head.anchor.hash != known.get(head.anchor.sequence)
    ]
    if lost:
        newest = lost[-1]
        lines.append(
            f"the snapshot of {newest.at:%Y-%m-%d %H:%M} UTC knows entry"
            f" {newest.anchor.sequence}, which is not there any more ({newest.place})"
        )
    return lines


def is_lost(session: Session, sequence: int, start_of_hash: str) -> bool:
    """Whether the journal lacks an entry that somebody kept the hash of, or the start of it."""
    return not any(
        entry.sequence == sequence and entry.hash.startswith(start_of_hash.lower())
        for entry in entries(session.store)
    )


def lost_heads(
    session: Session, path: Path, is_signed: Callable[[str, str], bool] | None
) -> list[str]:
    """A line for each head of a file that is none, is not signed, or knows more than the journal.

    `is_signed` None: signatures are not looked at. Raises OSError.
    """
    known = {entry.sequence: entry.hash for entry in entries(session.store)}
    texts = path.read_text(encoding="utf-8", errors="replace").splitlines()
    named = [(f"line {number} of {path}", text) for number, text in enumerate(texts, 1)]
    found = [(place, head_in(text, place)) for place, text in named if text.strip()]
    if not found:
        return [f"{path} has no head"]
    return [why for place, head in found if (why := _why_lost(head, known, is_signed, place))]


def _why_lost(
    head: Head | None,
    known: Mapping[int, str],
    is_signed: Callable[[str, str], bool] | None,
    place: str,
) -> str | None:
    if head is None:
        return f"{place} is no head of a journal"
    if is_signed is not None and not is_signed(head.signed_text, head.signature or ""):
        return f"{place} is not signed by that key"
    if head.anchor.hash != known.get(head.anchor.sequence):
        return f"{place} knows entry {head.anchor.sequence}, which is not there any more"
    return None
