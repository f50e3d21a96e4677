"""Deletes deployments: plan, confirm, guard, archive, journal, re-read, delete, verify, journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from actions import journal
from actions.archive import archive
from actions.archived import ArchiveFailure
from actions.checks import checks_of
from actions.definitions import definitions_of
from actions.guard import Guarded, aged, guard
from actions.operator import Operator, Refusal
from actions.plan import (
    Outcome,
    Overrides,
    Plan,
    PlannedTarget,
    State,
    brakes_on,
    may_override,
    overridden,
    phrase_for,
)
from actions.verify import Last, asked_since, changes_since, last_read, verify
from actions.writing import Writer
from collectors.errors import AzureFailure
from collectors.inventory import ML_API
from collectors.reading import Reader
from queries import estate
from queries.rows import DeploymentRow

Tell = Callable[[PlannedTarget, str], None]


def plan_deletion(
    operator: Operator, rows: Sequence[DeploymentRow], overrides: Overrides | None = None
) -> Plan:
    """The plan for these deployments from what the store knows, journalled; nothing is sent."""
    states = estate.endpoint_states(operator.store)
    now = operator.now()
    given = overrides or {}
    targets = tuple(
        PlannedTarget(
            row,
            overridden(
                checks_of(row, states.get(row.endpoint_key), now, is_fresh=False),
                given,
                row.verdict,
            ),
            row.monthly_run_rate,
            row.currency,
        )
        for row in rows
    )
    brakes = brakes_on(rows, estate.current_deployments(operator.store), operator.limits.brakes)
    for target in targets:
        journal.note(operator, "delete", target.row.id, "planned", evidence=evidence_of(target))
    warnings = tuple(f"{row.name}: {row.explanation}" for row in rows if row.explanation)
    return Plan(phrase_for(rows), targets, warnings, brakes)


def delete(operator: Operator, plan: Plan, phrase: str, overrides: Overrides, tell: Tell) -> Plan:
    """Delete what the plan names and the guard lets through, one after another.

    Raises Refusal before anything is read or sent where the phrase, an override, a brake or the
    limits forbid the whole. Each target's outcome and final checks are in the plan returned.
    """
    _admit(operator, plan, phrase, overrides)
    with operator.reader() as reader, Writer(operator) as writer:
        targets = tuple(
            _delete_one(operator, reader, writer, target, overrides, tell)
            for target in plan.targets
        )
    return replace(plan, targets=targets)


def evidence_of(target: PlannedTarget) -> dict[str, Any]:
    """What the journal and the archive keep of a target's checks."""
    return {
        "verdict": target.row.verdict,
        "reasons": list(target.row.reasons),
        "snapshot_id": target.row.snapshot_id,
        "monthly_saving": target.monthly_saving,
        "currency": target.currency,
        "checks": [asdict(check) for check in target.checks],
    }


def _admit(operator: Operator, plan: Plan, phrase: str, overrides: Overrides) -> None:
    """Refuse the whole, in the journal too, for what needs no look at Azure."""
    why = next(_objections(operator, plan, phrase, overrides), None)
    if why is None:
        return
    for target in plan.targets:
        journal.note(operator, "delete", target.row.id, "refused", reason=why)
    raise Refusal(why)


def _objections(operator: Operator, plan: Plan, phrase: str, overrides: Overrides) -> Any:
    if phrase != plan.phrase:
        yield f"the phrase to confirm is {plan.phrase!r}; nothing was written"
    for check, reason in overrides.items():
        for target in plan.targets:
            barred = may_override(check, target.row.verdict)
            if barred:
                yield barred
        if not reason.strip():
            yield f"an override needs a reason: --override {check}=REASON"
    yield from plan.brakes
    for target in plan.targets:
        barred = operator.limits.why_not(target.row.subscription_id)
        if barred:
            yield f"nothing was written: {barred}"


def _delete_one(
    operator: Operator,
    reader: Reader,
    writer: Writer,
    target: PlannedTarget,
    overrides: Overrides,
    tell: Tell,
) -> PlannedTarget:
    """One target from its guard to its last journal entry."""
    tell(target, "guarding")
    try:
        before: Last | None = last_read(reader, target.row.id)
    except AzureFailure:
        before = None  # the guard meets the same trouble and tells it by its checks
    found = guard(operator, reader, target.row)
    guarded = _with_checks(target, found, overrides)
    if guarded.obstacles:
        return _refuse(operator, guarded, tell)
    try:
        tell(guarded, "archiving")
        archived = last_read(reader, target.row.id)
        guarded = _with_changes(guarded, before, archived)
        if guarded.obstacles:
            return _refuse(operator, guarded, tell)
        raw = definitions_of(reader, "deployment", archived.endpoint, (archived.deployment,))
        folder = archive(operator, raw, evidence_of(guarded))
        evidence = evidence_of(guarded) | {"archive": folder.name}
        journal.note(operator, "delete", target.row.id, "intended", _why(overrides), None, evidence)
        tell(guarded, "reading once more")
        again = last_read(reader, target.row.id)
    except (AzureFailure, ArchiveFailure, OSError) as failure:
        return _end(operator, guarded, "failed", f"nothing was written: {failure}", tell)
    guarded = _with_changes(guarded, archived, again)
    guarded = _with_requests(guarded, reader, again, found.read_at, operator.now())
    guarded = replace(guarded, checks=aged(guarded.checks, found.read_at, operator.now()))
    if guarded.obstacles:
        return _refuse(operator, guarded, tell)
    return _send(operator, reader, writer, guarded, again, tell)


def _send(
    operator: Operator,
    reader: Reader,
    writer: Writer,
    target: PlannedTarget,
    before: Last,
    tell: Tell,
) -> PlannedTarget:
    """The DELETE, its end, and what Azure says afterwards."""
    tell(target, "deleting")
    sent_at = operator.now()
    correlation_id, trouble = None, None
    try:
        correlation_id = writer.delete(target.row.id, ML_API).correlation_id
    except AzureFailure as failure:
        correlation_id = failure.correlation_id
        trouble = f"{failure.message} ({failure.code})"
    tell(target, "verifying")
    outcome, message = verify(reader, target.row.id, before, sent_at, operator.now, trouble)
    return _end(operator, target, outcome, message, tell, correlation_id)


def _with_checks(target: PlannedTarget, found: Guarded, overrides: Overrides) -> PlannedTarget:
    verdict = found.row.verdict if found.row else target.row.verdict
    row = target.row if found.row is None else replace(found.row, tags=target.row.tags)
    return replace(target, row=row, checks=overridden(found.checks, overrides, verdict))


def _with_changes(target: PlannedTarget, before: Last | None, again: Last) -> PlannedTarget:
    """The checks after another read: what changed since the one before stands in the way."""
    if before is None:
        changed = {"same-resource": "it could not be read before it was looked at"}
    else:
        changed = changes_since(before, again)
    return _failing(target, changed)


def _with_requests(
    target: PlannedTarget, reader: Reader, last: Last, since: datetime, now: datetime
) -> PlannedTarget:
    """The checks with what was asked of it since the guard began to look."""
    asked = asked_since(reader, target.row.id, last.endpoint, since, now)
    if asked is None:
        changed = {"requests": "whether it was asked since the guard could not be read"}
        return _failing(target, changed, "unknown")
    if asked > 0:
        return _failing(target, {"requests": f"it was asked {asked:g} times since the guard"})
    return target


def _failing(
    target: PlannedTarget, changed: Mapping[str, str], state: State = "fail"
) -> PlannedTarget:
    checks = [
        replace(check, state=state, evidence=changed[check.check], override=None)
        if check.check in changed
        else check
        for check in target.checks
    ]
    return replace(target, checks=tuple(checks))


def _refuse(operator: Operator, target: PlannedTarget, tell: Tell) -> PlannedTarget:
    why = "; ".join(f"{c.check} {c.state}: {c.evidence}" for c in target.obstacles)
    return _end(operator, target, "refused", why, tell)


def _end(
    operator: Operator,
    target: PlannedTarget,
    outcome: Outcome,
    message: str,
    tell: Tell,
    correlation_id: str | None = None,
) -> PlannedTarget:
    ended = replace(target, outcome=outcome, message=message)
    journal.note(
        operator,
        "delete",
        target.row.id,
        outcome,
        reason=message,
        correlation_id=correlation_id,
        evidence=evidence_of(ended),
    )
    tell(ended, outcome)
    return ended


def _why(overrides: Overrides) -> str | None:
    return "; ".join(f"{check} overridden: {why}" for check, why in overrides.items()) or None
