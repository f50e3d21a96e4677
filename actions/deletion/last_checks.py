"""What a look right before the DELETE makes of the checks that the guard let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from actions.deletion.last_look import Last, LocksUnread, changes_since
from actions.deletion.plan import SILENT, Deletion, PlannedTarget
from actions.deletion.verify import asked_since
from actions.states import CheckState
from collectors.connection.errors import AzureFailure, Missing
from collectors.connection.reading import Reader

Changes = Mapping[str, Mapping[str, str]]
FAIL: CheckState = "fail"
UNKNOWN: CheckState = "unknown"


def with_changes(deletion: Deletion, before: Last | None, again: Last) -> Deletion:
    """The checks after another read: what changed since the one before stands in the way."""
    if before is not None:
        return _failing(deletion, changes_since(before, again))
    evidence = {"same-resource": "it could not be read before it was looked at"}
    keys = [target.row.deployment_key for target in deletion.targets]
    return _failing(deletion, dict.fromkeys(keys, evidence), UNKNOWN)


def unread(deletion: Deletion, failure: AzureFailure) -> Deletion:
    """The checks after a read that failed: gone is another resource, the rest is not known."""
    evidence, state = f"could not be read once more: {failure.message} ({failure.code})", UNKNOWN
    checks: tuple[str, ...] = ("same-resource", "live-traffic", "mirror-traffic", SILENT)
    if isinstance(failure, Missing):
        evidence, state = f"it went away while it was looked at: {failure.message}", FAIL
        checks = ("same-resource",)
    elif isinstance(failure, LocksUnread):
        checks = ("lock",)
    keys = [target.row.deployment_key for target in deletion.targets]
    return _failing(deletion, dict.fromkeys(keys, dict.fromkeys(checks, evidence)), state)


def with_requests(
    reader: Reader, deletion: Deletion, last: Last, since: datetime, now: datetime
) -> Deletion:
    """The checks with what was asked of it since the guard began to look."""
    asked = asked_since(reader, last, since, now)
    check = SILENT if deletion.of_endpoint else "requests"
    keys = [target.row.deployment_key for target in deletion.targets]
    if asked is None:
        evidence = {check: "whether it was asked since the guard could not be read"}
        return _failing(deletion, dict.fromkeys(keys, evidence), UNKNOWN)
    if asked:
        evidence = {check: f"it was asked {sum(asked.values()):g} times since the guard"}
        return _failing(deletion, dict.fromkeys(keys, evidence))
    return deletion


def _failing(deletion: Deletion, changed: Changes, state: CheckState = FAIL) -> Deletion:
    def change(target: PlannedTarget) -> PlannedTarget:
        changes = changed.get(target.row.deployment_key, {})
        checks = (
            replace(check, state=state, evidence=changes[check.check], override=None)
            if check.check in changes
            else check
            for check in target.checks
        )
        return replace(target, checks=tuple(checks))

    return deletion.each(change)
