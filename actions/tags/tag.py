"""Tags a resource through the Tags API: merges, touches nothing else, reads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions import journal
from actions.session import Refusal, Session
from actions.writing import Writer
from collectors.connection.errors import AzureFailure, Misshapen, NotUnderstood
from collectors.connection.reading import Reader
from collectors.connection.shapes import is_tags, odd_fields
from collectors.inventory.endpoint import get_resource
from collectors.inventory.resources import moment, tags_of
from queries.estate.rows import DeploymentRow

TAGS_API = "2025-04-01"
# Azure's own limits (azure.md A55); told before anything is sent.
LONGEST_NAME, LONGEST_VALUE, MOST_TAGS = 512, 256, 50
FORBIDDEN_IN_NAMES = frozenset("<>%&\\?/")
Bar = Callable[[Mapping[str, str]], "str | None"]
"""Why nothing is written over tags as they are now; None where it may be."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the journal has of a write beside the tags: as what, why, and further evidence."""

    action: str
    reason: str | None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def unbarred(_tags: Mapping[str, str]) -> str | None:
    """Whatever the tags are, they may be written over."""
    return None


def tag(
    session: Session,
    row: DeploymentRow,
    set_tags: Mapping[str, str],
    remove: Sequence[str],
    action: str = "tag",
    reason: str | None = None,
    *,
    only_absent: bool = False,
    bar: Bar = unbarred,
    evidence: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Set and remove these tags of a deployment, and no others; the tags as read back.

    With `only_absent` a tag that is there keeps its value. `bar` is asked of the tags as they are
    right before the write. What is set and removed is journalled with the deployment's age, and
    with further `evidence`: the ledger of tags is read from these entries.
    Raises Refusal where the limits or Azure's rules forbid it, AzureFailure where Azure does.
    """
    barred = session.limits.why_not_on(row) or objection(set_tags)
    if barred:
        raise _refused(session, row, action, barred)
    with session.reader() as reader, Writer(session) as writer:
        before = current_tags(reader, row.id)
        if (barred := bar(before)) is not None:
            raise _refused(session, row, action, barred)
        spelt = {_spelt(name, before): value for name, value in set_tags.items()}
        wanted = {n: v for n, v in spelt.items() if not (only_absent and n in before)}
        account = Account(action, reason, evidence or {})
        return _write(session, reader, writer, row, before, wanted, remove, account)


def _refused(session: Session, row: DeploymentRow, action: str, barred: str) -> Refusal:
    """The refusal, journalled."""
    journal.note(session, action, row.id, "refused", reason=barred)
    return Refusal(f"nothing was written: {barred}")


def current_tags(reader: Reader, resource_id: str) -> dict[str, str]:
    """The tags that a resource has now."""
    answer = reader.get(_path(resource_id), **{"api-version": TAGS_API})
    properties = answer.get("properties")
    if not isinstance(properties, dict) or odd_fields(properties, {"tags": is_tags}):
        raise Misshapen("the answer does not report the tags")
    return tags_of(properties.get("tags"))


def created_at_now(reader: Reader, resource_id: str) -> datetime | None:
    """When Azure says that a deployment of this id was created; None: it does not say."""
    found = get_resource(reader, resource_id).get("systemData")
    return moment(found.get("createdAt")) if isinstance(found, dict) else None


def objection(set_tags: Mapping[str, str]) -> str | None:
    """What Azure would not accept of these names and values; None where it is all right."""
    for name, value in set_tags.items():
        if not name.strip() or len(name) > LONGEST_NAME or FORBIDDEN_IN_NAMES & set(name):
            return f"{name!r} cannot be the name of a tag"
        if len(value) > LONGEST_VALUE:
            return f"the value of {name!r} is longer than {LONGEST_VALUE} characters"
    return None


def _write(
    session: Session,
    reader: Reader,
    writer: Writer,
    row: DeploymentRow,
    before: Mapping[str, str],
    wanted: Mapping[str, str],
    remove: Sequence[str],
    account: Account,
) -> dict[str, str]:
    action, reason = account.action, account.reason
    unwanted = sorted({_spelt(name, before) for name in remove})
    gone = {name: before[name] for name in unwanted if name in before}
    if len((before.keys() - gone.keys()) | wanted.keys()) > MOST_TAGS:
        raise _refused(session, row, action, f"a resource has at most {MOST_TAGS} tags")
    evidence: dict[str, Any] = {
        "set": wanted,
        "remove": unwanted,
        "removed": sorted(gone),
        "before": before,
        "created_at": row.created_at.isoformat() if row.created_at else None,
        **account.evidence,
    }
    journal.note(session, action, row.id, "intended", reason, None, evidence)
    correlation_id: str | None = None
    unseen: AzureFailure | None = None
    try:
        for operation, tags in (("Delete", gone), ("Merge", wanted)):
            if tags:
                correlation_id, trouble = _patch(writer, row, operation, tags)
                unseen = trouble or unseen
        after = _read_back(reader, row)
        _compare(after, wanted, gone)
    except AzureFailure as failure:
        error = unseen or failure
        outcome = "unverified" if error.is_open else "failed"
        journal.note(session, action, row.id, outcome, error.message, correlation_id, evidence)
        raise error from failure
    journal.note(
        session, action, row.id, "done", reason, correlation_id, evidence | {"after": after}
    )
    return after


def _patch(
    writer: Writer, row: DeploymentRow, operation: str, tags: Mapping[str, str]
) -> tuple[str | None, AzureFailure | None]:
    """Azure's correlation id, and the failure where the read after it has to tell how it went."""
    body = {"operation": operation, "properties": {"tags": tags}}
    try:
        return writer.patch(_path(row.id), body, TAGS_API).correlation_id, None
    except AzureFailure as failure:
        if not failure.is_open:
            raise
        return failure.correlation_id, failure


def _read_back(reader: Reader, row: DeploymentRow) -> dict[str, str]:
    """The tags after the write; without them it is open what the write came to."""
    try:
        return current_tags(reader, row.id)
    except AzureFailure as failure:
        failure.is_open = True
        raise


def _compare(after: Mapping[str, str], wanted: Mapping[str, str], gone: Mapping[str, str]) -> None:
    folded = {name.lower(): value for name, value in after.items()}
    wrong = [name for name, value in wanted.items() if folded.get(name.lower()) != value]
    wrong += [name for name in gone if name.lower() in folded and name not in wanted]
    if wrong:
        raise NotUnderstood(f"the tag {wrong[0]!r} does not read back as written", "NotWritten")


def _spelt(name: str, before: Mapping[str, str]) -> str:
    """The name as the resource spells it already; names compare without case."""
    return next((known for known in before if known.lower() == name.lower()), name)


def _path(resource_id: str) -> str:
    return f"{resource_id}/providers/Microsoft.Resources/tags/default"
