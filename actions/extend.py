"""Exempts a deployment from retirement until a date, with a reason and a person."""

from __future__ import annotations

from datetime import date

from actions import journal
from actions.operator import Operator, Refusal
from actions.tag import tag
from queries.rows import DeploymentRow


def extend(operator: Operator, row: DeploymentRow, until: date, reason: str) -> dict[str, str]:
    """Tag it exempt up to and including `until`; who and why are in the journal."""
    why = _objection(operator, until, reason)
    if why:
        journal.note(operator, "extend", row.id, "refused", reason=why)
        raise Refusal(f"{row.name}: nothing was written: {why}")
    marks = {operator.policy.tag_name("exempt_until"): until.isoformat()}
    return tag(operator, row, marks, (), "extend", reason)


def _objection(operator: Operator, until: date, reason: str) -> str | None:
    if until < operator.now().date():
        return f"{until} is past"
    return None if reason.strip() else "an exemption needs a reason"
