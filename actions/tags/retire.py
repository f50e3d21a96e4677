"""Marks a deployment for retirement after a grace period, and takes the mark away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from actions import journal
from actions.session import Limits, Refusal, Session
from actions.tags.tag import current_tags, tag
from collectors.records import counted
from queries.estate.rows import DeploymentRow
from queries.vocabulary import RETIRABLE

ROLE = "retire"


def retire(
    session: Session,
    row: DeploymentRow,
    grace_days: int,
    reason: str | None = None,
    *,
    replace_role: bool = False,
) -> dict[str, str]:
    """Tag it role=retire with the day on which its grace ends; the tags as read back.

    Raises Refusal for a verdict that is not retirable, for a grace shorter than the settings'
    without a reason, and for another role (as Azure has it now) unless it is to be replaced.
    """
    why = objection(session, row, grace_days, reason)
    if why is None and not replace_role:
        why = contradiction(_foreign_role(session, row))
    if why is not None:
        journal.note(session, "retire", row.id, "refused", reason=why)
        raise Refusal(f"nothing was written: {why}")
    return tag(session, row, mark(session, grace_days), (), "retire", reason)


def mark(session: Session, grace_days: int) -> dict[str, str]:
    """The tags of a mark whose grace begins today."""
    until = session.now().date() + timedelta(days=grace_days)
    names = session.policy
    return {names.tag_name("role"): ROLE, names.tag_name("retire_after"): until.isoformat()}


def objection(
    session: Session, row: DeploymentRow, grace_days: int, reason: str | None
) -> str | None:
    """Why a deployment is not marked, whatever its tags are; None where it may be."""
    if (refusal := row.refuses_writes) is not None:
        return refusal
    if row.verdict not in RETIRABLE:
        return f"its verdict is {row.verdict}: {row.reasons.first}"
    return short_grace(session.limits, grace_days, reason)


def short_grace(limits: Limits, grace_days: int, reason: str | None) -> str | None:
    """Why a grace is too short; None where it is long enough, or somebody says why it is not."""
    if grace_days >= limits.grace_days or (reason or "").strip():
        return None
    return f"a grace shorter than {counted(limits.grace_days, 'day')} needs a reason"


def moved_grace(session: Session, row: DeploymentRow, grace_days: int) -> str | None:
    """What a new mark does to the grace of the one that a deployment carries; None: nothing."""
    until = session.now().date() + timedelta(days=grace_days)
    known = (row.retire_after or "").strip() if row.is_marked else ""
    if not known or known == until.isoformat():
        return None
    try:
        is_over = date.fromisoformat(known) <= session.now().date()
    except ValueError:
        return f"marked already until {known}, which is no date; the new grace ends on {until}"
    ends = f"was over on {known}" if is_over else f"ends on {known}"
    return f"marked already: its grace {ends}, the new one ends on {until}"


def contradiction(foreign: str | None) -> str | None:
    """Why a deployment of a foreign role is not marked; None where it has none."""
    return f"its role is {foreign}, which stays unless it is to be replaced" if foreign else None


def undo(session: Session, row: DeploymentRow) -> dict[str, str]:
    """Take the mark away: the date, and the role where it is still `retire`."""
    dates = list(session.policy.tags["retire_after"])
    roles = [] if _foreign_role(session, row) else list(session.policy.tags["role"])
    return tag(session, row, {}, (*dates, *roles), "undo-retire")


def _foreign_role(session: Session, row: DeploymentRow) -> str | None:
    """A role other than retire that the deployment carries in Azure now."""
    with session.reader() as reader:
        return foreign_role(session, current_tags(reader, row.id))


def foreign_role(session: Session, tags: Mapping[str, str]) -> str | None:
    """A role other than retire among these tags."""
    folded = {name.lower(): value.strip() for name, value in tags.items()}
    roles = [folded.get(name.lower(), "") for name in session.policy.tags["role"]]
    return next((role for role in roles if role and role.lower() != ROLE), None)


def is_mark(session: Session, name: str, value: str) -> bool:
    """Whether a tag is part of a retire mark: its role, or its date."""
    meanings = session.policy.tags
    dates, roles = ({known.lower() for known in meanings[m]} for m in ("retire_after", "role"))
    return name.lower() in dates or (name.lower() in roles and value.strip().lower() == ROLE)


def why_no_mark(
    session: Session,
    tagged: datetime | None,
    created: datetime | None,
    tags: Mapping[str, str],
) -> str | None:
    """Why a mark is not put back on a deployment of these tags; None where it may be.

    `tagged` is when the one was created that carried it, `created` the one that is there now.
    """
    role = foreign_role(session, tags)
    if role:
        return f"a retire mark is not put back: its role is {role!r}"
    if tagged is None or created is None:
        return "a retire mark is not put back: whether it was recreated since cannot be determined"
    if abs((created - tagged).total_seconds()) >= 1:
        return f"a retire mark is not put back: it was recreated on {created:%Y-%m-%d}"
    return None
