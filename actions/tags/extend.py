"""Exempts a deployment from retirement until a date, with a reason and a person."""

from __future__ import annotations

from datetime import date

from actions import journal
from actions.session import Refusal, Session
from actions.tags.tag import tag
from queries.estate.rows import DeploymentRow


def extend(session: Session, row: DeploymentRow, until: date, reason: str) -> dict[str, str]:
    """Tag it exempt up to and including `until`; who and why are in the journal."""
    why = objection(session, until, reason)
    if why:
        journal.note(session, "extend", row.id, "refused", reason=why)
        raise Refusal(f"nothing was written: {why}")
    return tag(session, row, exemption(session, until), (), "extend", reason)


def exemption(session: Session, until: date) -> dict[str, str]:
    """The tag that exempts until a date."""
    return {session.policy.tag_name("exempt_until"): until.isoformat()}


def objection(session: Session, until: date, reason: str) -> str | None:
    """Why no exemption is written; None where one may be."""
    if until < session.now().date():
        return f"{until} is past"
    return None if reason.strip() else "an exemption needs a reason"
