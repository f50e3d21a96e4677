"""Holds the journal against what the archives know of it."""

from __future__ import annotations

from actions.archive.reading import archives_in
from actions.archive.writing import archive_root
from actions.session import Session
from queries.store.journal import entries


def lost_entries(session: Session) -> list[str]:
    """A line for each archive that knows an entry which its journal does not have any more.

    The chain of hashes shows what was altered; that its end was cut
    off, only a copy kept outside can show.
    An archive of another store's journal, by its first entry, tells nothing of this one.
    """
    known = {entry.sequence: entry.hash for entry in entries(session.store)}
    found, _broken = archives_in(archive_root(session))
    return [
        f"the archive {archive.name} knows entry {anchor.sequence}, which is not there any more"
        for archive in found
        if (anchor := archive.anchor) is not None
        and anchor.first_hash == known.get(1)
        and anchor.hash != known.get(anchor.sequence)
    ]
