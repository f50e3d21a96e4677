"""Deletions that a killed run left without an end: looked at, and journalled as they came out."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from actions import journal, writing
from actions.at_rest import DELETING, state_at_rest
from actions.deletion.plan import Deletion, Note
from actions.session import Session
from collectors.connection.errors import AzureFailure, Missing
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import get_resource
from collectors.records import key_of
from queries.estate.rows import DeploymentRow
from queries.store.journal import Intent, deletions_done, open_intents

Wanted = Callable[[], bool]
# A run on another machine may still be at work for as long as an operation may take.
ELSEWHERE = timedelta(seconds=2 * writing.LONGEST_OPERATION_SECONDS)
GONE = "found gone after a run that was interrupted: Azure answers 404"


def settle(
    session: Session, reader: Reader, wait_for: frozenset[str], is_stop_wanted: Wanted
) -> None:
    """Journal the end of every interrupted deletion, by a read of each.

    Gone: `deleted`. Still there: `interrupted`, so a new run may try again. What cannot be read,
    or still ends by itself, stays open. Those named in `wait_for` (by key) are waited for.
    """
    for intent in open_intents(session.store):
        if _is_another_machines(session, intent):
            continue
        patient = key_of(intent.target) in wait_for
        found = look(reader, intent.target, is_stop_wanted if patient else lambda: True)
        if found is not None:
            outcome, reason = found
            archive_name = intent.evidence.get("archive")
            evidence = {"archive": archive_name, "intended_at": intent.at.isoformat()}
            journal.note(session, intent.action, intent.target, outcome, reason, evidence=evidence)


def done_before(session: Session, reader: Reader, deletion: Deletion) -> Deletion | None:
    """The deletion with its outcome, where an earlier run did it and it is still gone."""
    done = deletions_done(session.store)
    at = done.get(key_of(deletion.id))
    if at is None or any(at < target.row.as_of for target in deletion.targets):
        return None
    try:
        get_resource(reader, deletion.id)
    except Missing:
        message = f"deleted by an earlier run, journalled at {at:%Y-%m-%d %H:%M:%S} UTC"
        return deletion.each(lambda target: replace(target, outcome="deleted", message=message))
    except AzureFailure:
        return None  # the guard meets the same trouble and tells it by its checks
    return None


def interrupted_lines(session: Session, rows: Mapping[str, DeploymentRow | None]) -> Iterator[Note]:
    """What the journal knows of these targets since their snapshot, for a plan; by key."""
    for intent in open_intents(session.store):
        key = key_of(intent.target)
        if key in rows:
            row = rows[key]
            begun = f"{intent.at:%Y-%m-%d %H:%M:%S} UTC"
            text = f"a run was about to delete it at {begun}, and has not journalled its end"
            yield Note(text, intent.target if row is None else row.id)
    for key, at in deletions_done(session.store).items():
        row = rows.get(key)
        if row is not None and at >= row.as_of:
            yield Note(f"it was deleted at {at:%Y-%m-%d %H:%M:%S} UTC", row.id)


def look(reader: Reader, target: str, is_stop_wanted: Wanted) -> tuple[str, str] | None:
    """What became of it, once it is not `Deleting` any more; None where that is not known."""
    try:
        state = state_at_rest(reader, target, DELETING, is_stop_wanted)
    except Missing:
        return "deleted", GONE
    except AzureFailure:
        return None
    if state is None:
        return None
    return "interrupted", f"still there after a run that was interrupted: {state}"


def _is_another_machines(session: Session, intent: Intent) -> bool:
    elsewhere = intent.evidence.get("host") not in (None, platform.node())
    return elsewhere and session.now() - intent.at < ELSEWHERE
