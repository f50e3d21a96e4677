"""Carries out one deletion: guard, archive, journal, re-read, DELETE, verify, journal."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from actions import journal
from actions.archive.definitions import Definitions, Kind, definitions_of
from actions.archive.reading import Archive, ArchiveFailure
from actions.archive.writing import archive
from actions.deletion import by_hand
from actions.deletion.evidence import evidence_of_all, journalled
from actions.deletion.guard import aged, guard
from actions.deletion.interrupted import look
from actions.deletion.last_checks import unread, with_changes, with_requests
from actions.deletion.last_look import Last, last_read
from actions.deletion.left_behind import left_behind
from actions.deletion.plan import (
    SILENT,
    Check,
    Deletion,
    Overrides,
    PlannedTarget,
    overridden,
)
from actions.deletion.verify import verify
from actions.secrecy import without_secrets
from actions.session import Session
from actions.states import Outcome, Progress, Remark
from actions.writing import Writer
from collectors.connection.errors import AzureFailure, Stopped
from collectors.connection.reading import Reader
from collectors.inventory.inventory import ML_API

INTERRUPTED = "the run was stopped while Azure deleted it"
Report = Callable[[PlannedTarget, Progress], None]


@dataclass(frozen=True, slots=True)
class Execution:
    """Who carries out, through which connections, what was overridden, and who hears of it."""

    session: Session
    reader: Reader
    writer: Writer
    overrides: Overrides
    report: Report
    is_stop_wanted: Callable[[], bool] = lambda: False

    def report_all(self, deletion: Deletion, progress: Progress) -> None:
        """How far each target is, or what there is to know of it."""
        for target in deletion.targets:
            self.report(target, progress)


def carry_out(execution: Execution, deletion: Deletion) -> Deletion:
    """One deletion from its guard to its last journal entry; its targets have the outcome."""
    session, reader = execution.session, execution.reader
    execution.report_all(deletion, "guarding")
    try:
        before: Last | None = last_read(reader, deletion)
    except AzureFailure:
        before = None  # the guard meets the same trouble and tells it by its checks
    found = guard(session, reader, deletion, before)
    guarded = found.deletion.each(lambda target: _overriding(target, execution.overrides))
    if guarded.obstacles:
        return _refuse(execution, guarded)
    archive_name = None
    try:
        execution.report_all(guarded, "archiving")
        archived = last_read(reader, deletion)
        guarded = with_changes(guarded, before, archived)
        if guarded.obstacles:
            return _refuse(execution, guarded)
        raw = _definitions(reader, guarded, archived)
        guarded = replace(guarded, warnings=left_behind(raw))
        kept = archive(session, raw, evidence_of_all(guarded))
        archive_name = kept.name
        guarded = replace(guarded, by_hand=_by_hand(raw, kept))
        for line in kept.not_archived:
            execution.report_all(guarded, Remark(line))
        _intend(execution, guarded, archive_name)
        execution.report_all(guarded, "rereading")
        again = last_read(reader, deletion)
    except AzureFailure as failure:
        return _refuse(execution, unread(guarded, failure), archive_name)
    except (ArchiveFailure, OSError) as failure:
        message = f"nothing was written: {failure}"
        return end(execution, guarded, "failed", message, archive_name=archive_name)
    guarded = with_changes(guarded, archived, again)
    guarded = with_requests(reader, guarded, again, found.read_at, session.now())
    guarded = aged(guarded, found.read_at, session.now())
    if guarded.obstacles:
        return _refuse(execution, guarded, archive_name)
    return _send(execution, guarded, again, archive_name)


def end(
    execution: Execution,
    deletion: Deletion,
    outcome: Outcome,
    message: str,
    correlation_id: str | None = None,
    archive_name: str | None = None,
    *,
    is_open: bool = False,
) -> Deletion:
    """Journal how it ended, and tell it. The archive's name ties the end to its intent.

    With `is_open` it does not: the next run looks what became of it, as after a kill.
    """
    word = "archived_as" if is_open else "archive"
    more: dict[str, Any] = {} if archive_name is None else {word: archive_name}
    if deletion.warnings and outcome in ("deleted", "raced"):
        more["left_behind"] = list(deletion.warnings)
        for line in deletion.warnings:
            execution.report_all(deletion, Remark(line))
    rows = journalled(deletion, **more)
    journal.note_each(execution.session, deletion.action, rows, outcome, message, correlation_id)
    ended = deletion.each(
        lambda target: replace(target, outcome=outcome, message=message, archive=archive_name)
    )
    execution.report_all(ended, outcome)
    return ended


def _send(
    execution: Execution, deletion: Deletion, before: Last, archive_name: str | None
) -> Deletion:
    """The DELETE, its end, and what Azure says afterwards."""
    execution.report_all(deletion, "deleting")
    sent_at = execution.session.now()
    correlation_id, trouble, may_go_on, code = None, None, True, ""
    try:
        correlation_id = execution.writer.delete(deletion.id, ML_API).correlation_id
    except KeyboardInterrupt:
        execution.report_all(deletion, Remark("the deletion may be under way: the next run looks"))
        raise
    except AzureFailure as failure:
        correlation_id = failure.correlation_id
        why = without_secrets(failure.message, before.deployments.values())
        trouble = f"{why} ({failure.code})"
        may_go_on, code = failure.is_open, failure.code
    execution.report_all(deletion, "verifying")
    try:
        if trouble and may_go_on:
            # It may be going all the same; a poll that did not end was waited for long enough.
            stopped = execution.is_stop_wanted
            look(execution.reader, deletion.id, lambda: code == "StillRunning" or stopped())
        now = execution.session.now
        outcome, message = verify(execution.reader, deletion.id, before, sent_at, now, trouble)
    except Stopped:
        outcome, message, may_go_on = "failed", INTERRUPTED, True
    is_open = may_go_on and outcome == "failed"
    if is_open:
        outcome = "unverified"
        message += "; it may go all the same: the next run looks"
    return end(execution, deletion, outcome, message, correlation_id, archive_name, is_open=is_open)


def _definitions(reader: Reader, deletion: Deletion, archived: Last) -> Definitions:
    kind: Kind = "endpoint" if deletion.of_endpoint else "deployment"
    return definitions_of(reader, kind, archived.endpoint, tuple(archived.deployments.values()))


def _by_hand(raw: Definitions, kept: Archive) -> tuple[by_hand.ByHand, ...]:
    if raw.kind == "deployment":
        return by_hand.for_deployment(raw.target, raw.endpoint, kept.folder)
    names = [str(body["id"]) for body in raw.deployments]
    return by_hand.for_endpoint(raw.target, names, raw.endpoint, kept.folder)


def _intend(execution: Execution, deletion: Deletion, archive_name: str) -> None:
    """Journal what is about to be deleted; the host tells a later run whose intent it was."""
    rows = journalled(deletion, archive=archive_name, host=platform.node())
    why = "; ".join(f"{check} overridden: {why}" for check, why in execution.overrides.items())
    journal.note_each(execution.session, deletion.action, rows, "intended", why or None)


def _overriding(target: PlannedTarget, overrides: Overrides) -> PlannedTarget:
    return replace(target, checks=overridden(target.checks, overrides, target.row.verdict))


def _refuse(execution: Execution, deletion: Deletion, archive_name: str | None = None) -> Deletion:
    reasons = dict.fromkeys(
        _reason(deletion, target, check)
        for target in deletion.targets
        for check in target.obstacles
    )
    return end(execution, deletion, "refused", "; ".join(reasons), archive_name=archive_name)


def _reason(deletion: Deletion, target: PlannedTarget, check: Check) -> str:
    text = f"{check.check} {check.state}: {check.evidence}"
    if len(deletion.targets) == 1 or check.check == SILENT:
        return text
    return f"{target.row.deployment}: {text}"
