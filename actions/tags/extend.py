"""Exempts a deployment from retirement until a date, with a reason and a person."""

from __future__ import annotations

from datetime import date

from actions import journal
from actions.session import Operator, Refusal
from actions.tags.tag import tag
from queries.estate.rows import DeploymentRow


def extend(operator: Operator, row: DeploymentRow, until: date, reason: str) -> dict[str, str]:
    """Tag it exempt up to and including `until`; who and why are in the journal."""
    why = objection(operator, until, reason)
    if why:
        journal.note(operator, "extend", row.id, "refused", reason=why)
        raise Refusal(f"nothing was written: {why}")
    return tag(operator, row, exemption(operator, until), (), "extend", reason)


def exemption(operator: Operator, until: date) -> dict[str, str]:
    """The tag that exempts until a date."""
    return {operator.policy.tag_name("exempt_until"): until.isoformat()}


def objection(operator: Operator, until: date, reason: str) -> str | None:
    """Why no exemption is written; None where one may be."""
    if until < operator.now().date():
        return f"{until} is past"
    return None if reason.strip() else "an exemption needs a reason"
