"""Undoes a write of tags by its entry in the journal, where Azure's tags are still as written.

An undo is a write as any other: it is planned on the tags that Azure has now, journalled with the
entry that it undoes, and can be undone itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.session import Session
from actions.tags.retire import is_mark, short_grace, why_no_mark
from actions.tags.tag import created_at_now, current_tags, tag
from collectors.connection.reading import Reader
from collectors.records import key_of
from queries.estate.rows import DeploymentRow
from queries.store.journal import Entry
from queries.text.typed import date_from
from queries.vocabulary import RETIRABLE

ACTION = "undo"
UNDOES = "undoes"
"""The name under which the evidence of an undo has the number of the entry."""

WRITTEN = ("done", "unverified")
"""Outcomes of which Azure's tags can tell whether it was written."""


@dataclass(frozen=True, slots=True)
class UndoneTag:
    """A tag as the entry left it, and as it was before; None: it is not there."""

    name: str
    now: str | None
    then: str | None


@dataclass(frozen=True, slots=True)
class LiveState:
    """What an undo meets in Azure; `created_at` is None where it is not needed, or not told."""

    tags: Mapping[str, str]
    created_at: datetime | None = None


def why_not(entry: Entry) -> str | None:
    """Why an entry is nothing to undo, whatever Azure has now; None where it may be."""
    if entry.outcome == "deleted":
        return "a deletion is undone by the restore of its archive"
    if entry.outcome not in WRITTEN or _words_of(entry, "set") is None:
        return "only a write of tags that came about can be undone"
    if _words_of(entry, "before") is None:
        return "the entry does not say what the tags were before"
    return None if undone_tags(entry) else "it changed no tag: there is nothing to undo"


def undone_tags(entry: Entry) -> tuple[UndoneTag, ...]:
    """What the undo of an entry changes: each tag that it set to another value, or removed."""
    before = {n.lower(): (n, value) for n, value in (_words_of(entry, "before") or {}).items()}
    written: dict[str, str | None] = dict.fromkeys(_removed(entry))
    written |= _words_of(entry, "set") or {}
    tags = []
    for name, now in written.items():
        spelt, then = before.get(name.lower(), (name, None))
        if now != then:
            tags.append(UndoneTag(spelt, now, then))
    return tuple(tags)


def last_writes(entries: Iterable[Entry], keys: Iterable[str]) -> dict[str, Entry]:
    """The newest write of tags that may be undone, by the key of its deployment."""
    wanted = set(keys)
    return {
        key_of(entry.target): entry
        for entry in sorted(entries, key=lambda entry: entry.sequence)
        if key_of(entry.target) in wanted and why_not(entry) is None
    }


def undone_by(entries: Iterable[Entry]) -> dict[int, int]:
    """Which entry undid which, by their numbers; the later one counts."""
    return {
        entry.evidence[UNDOES]: entry.sequence
        for entry in entries
        if entry.action == ACTION and entry.outcome == "done" and UNDOES in entry.evidence
    }


def live_state(session: Session, reader: Reader, row: DeploymentRow, entry: Entry) -> LiveState:
    """What Azure has now of what the undo of an entry rests on."""
    created_at = created_at_now(reader, row.id) if _marks(session, entry) else None
    return LiveState(current_tags(reader, row.id), created_at)


def objection(
    session: Session, row: DeploymentRow, entry: Entry, live: LiveState, reason: str | None
) -> str | None:
    """Why an entry is not undone on this state; None where it may be."""
    why = session.limits.why_not_on(row) or why_not(entry)
    why = why or _difference(undone_tags(entry), live.tags)
    return why or _mark_objection(session, row, entry, live, reason)


def undo_write(
    session: Session, row: DeploymentRow, entry: Entry, reason: str | None = None
) -> dict[str, str]:
    """Write the tags as they were before the entry; the tags as read back.

    Raises Refusal where they are not as the entry wrote them, in the instant before the write.
    """
    tags = undone_tags(entry) if why_not(entry) is None else ()
    with session.reader() as reader:
        created_at = created_at_now(reader, row.id) if _marks(session, entry) else None

    def bar(now: Mapping[str, str]) -> str | None:
        return objection(session, row, entry, LiveState(now, created_at), reason)

    return tag(
        session,
        row,
        {one.name: one.then for one in tags if one.then is not None},
        [one.name for one in tags if one.then is None],
        ACTION,
        reason,
        bar=bar,
        evidence={UNDOES: entry.sequence},
    )


def _difference(tags: Iterable[UndoneTag], live: Mapping[str, str]) -> str | None:
    """The first tag that is not as it was written, in a sentence; None where all are."""
    folded = {name.lower(): value for name, value in live.items()}
    for one in tags:
        found = folded.get(one.name.lower())
        if found == one.now:
            continue
        wrote = "was removed" if one.now is None else f"was written as {one.now!r}"
        found_words = "the tag is gone since" if found is None else f"is {found!r} now"
        return f"{one.name} {wrote}, and {found_words}"
    return None


def _mark_objection(
    session: Session, row: DeploymentRow, entry: Entry, live: LiveState, reason: str | None
) -> str | None:
    """Why a retire mark is not put back; None also where the undo puts none back."""
    marks = _marks(session, entry)
    if not marks:
        return None
    if row.verdict not in RETIRABLE:
        return f"a retire mark is not put back: its verdict is {row.verdict}"
    after = {**live.tags, **{one.name: one.then or "" for one in undone_tags(entry)}}
    why = why_no_mark(session, _moment(entry.evidence.get("created_at")), live.created_at, after)
    today = session.now().date()
    graces = [(until - today).days for until in _dates(session, marks)]
    return why or next(filter(None, (short_grace(session.limits, g, reason) for g in graces)), None)


def _marks(session: Session, entry: Entry) -> list[UndoneTag]:
    tags = undone_tags(entry)
    return [one for one in tags if one.then is not None and is_mark(session, one.name, one.then)]


def _dates(session: Session, marks: Iterable[UndoneTag]) -> Iterable[date]:
    names = {name.lower() for name in session.policy.tags["retire_after"]}
    for one in marks:
        if one.name.lower() in names:
            with suppress(ValueError):
                yield date_from(one.then or "")


def _words_of(entry: Entry, name: str) -> dict[str, str] | None:
    """Tags of the evidence; None where it has none of that name, or other things than tags."""
    found = entry.evidence.get(name)
    if not isinstance(found, Mapping):
        return None
    is_tags = all(isinstance(value, str) for value in found.values())
    return dict(found) if is_tags else None


def _removed(entry: Entry) -> list[str]:
    found = entry.evidence.get("removed")
    return [str(name) for name in found] if isinstance(found, list) else []


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
