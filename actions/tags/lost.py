"""Puts back the tags that a deployment lost, and none that somebody else gave another value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions import journal
from actions.batch import Done, IsStopWanted, never, to_each
from actions.session import Session
from actions.states import TagOutcome
from actions.tags.retire import is_mark, why_no_mark
from actions.tags.tag import created_at_now, current_tags, tag
from queries.estate.rows import DeploymentRow
from queries.estate.tag_ledger import DriftRow
from queries.vocabulary import RETIRABLE

ACTION = "restore-tags"


@dataclass(frozen=True, slots=True)
class LostTag:
    """A tag that drifted; `why` says why it is left, `failure` what was in the way."""

    row: DeploymentRow
    drift: DriftRow
    outcome: TagOutcome
    why: str | None = None
    failure: Exception | None = None


def plan_tag_restore(
    session: Session, rows: Iterable[DeploymentRow], drifted: Iterable[DriftRow]
) -> list[LostTag]:
    """What is to be done about each tag that drifted on these deployments, journalled.

    Sends nothing.
    """
    known = {row.deployment_key: row for row in rows}
    plan = [
        _planned(session, known[drift.deployment_key], drift)
        for drift in drifted
        if drift.deployment_key in known
    ]
    wanted: dict[str, dict[str, Any]] = {}
    for one in plan:
        if one.outcome == "planned":
            tags = wanted.setdefault(one.row.id, {"set": {}})
            tags["set"][one.drift.name] = one.drift.value
    journal.note_each(session, ACTION, wanted, "planned")
    return plan


def by_deployment(lost: Iterable[LostTag]) -> list[list[LostTag]]:
    """The tags of each deployment together, in the order in which deployments occur."""
    groups: dict[str, list[LostTag]] = {}
    for one in lost:
        groups.setdefault(one.row.deployment_key, []).append(one)
    return list(groups.values())


def restore_each(
    session: Session,
    lost: Iterable[LostTag],
    heard: Callable[[Sequence[LostTag]], None],
    is_stop_wanted: IsStopWanted = never,
) -> list[LostTag]:
    """Put back what is planned, one deployment after another; `heard` as each one ends.

    What a wanted stop came before stays `planned`.
    """
    ended: list[LostTag] = []
    for done in to_each(
        by_deployment(lost), lambda group: restore_tags(session, group), is_stop_wanted
    ):
        group = _ended_group(done)
        ended += group
        if done.state != "stopped":
            heard(group)
    return ended


def _ended_group(done: Done[list[LostTag], list[LostTag]]) -> list[LostTag]:
    if done.result is not None:
        return done.result
    if done.failure is None:
        return done.target
    outcome: TagOutcome = "refused" if done.state == "refused" else "failed"
    return [
        replace(one, outcome=outcome, failure=done.failure) if one.outcome == "planned" else one
        for one in done.target
    ]


def restore_tags(session: Session, lost: Sequence[LostTag]) -> list[LostTag]:
    """Put back what is planned for one deployment, as it is now, and tell what became of it.

    A retire mark goes onto the deployment that it was put on or nowhere: on a later one of the
    same name it would ask for the deletion of something that nobody judged. Raises as `tag` does.
    """
    planned = [one for one in lost if one.outcome == "planned"]
    if not planned:
        return list(lost)
    row = planned[0].row
    barred = session.limits.why_not_on(row)
    reason = None if barred else _why_no_mark_now(session, row, planned)
    checked = [_left_if_mark(session, one, reason) for one in lost]
    wanted = {o.drift.name: o.drift.value for o in checked if o.outcome == "planned"}
    if not wanted:
        return checked
    after = tag(session, row, wanted, (), ACTION, _reason(planned), only_absent=True)
    folded = {name.lower(): value for name, value in after.items()}
    return [_ended(one, folded) for one in checked]


def _planned(session: Session, row: DeploymentRow, drift: DriftRow) -> LostTag:
    if drift.found is not None:
        return LostTag(row, drift, "left", f"somebody changed it to {drift.found!r}")
    why = None
    if is_mark(session, drift.name, drift.value):
        if row.verdict not in RETIRABLE:
            why = f"a retire mark is not put back: its verdict is {row.verdict}"
        else:
            why = why_no_mark(session, drift.tagged_created_at, row.created_at, row.tags)
    return LostTag(row, drift, "left" if why else "planned", why)


def _why_no_mark_now(
    session: Session, row: DeploymentRow, planned: Sequence[LostTag]
) -> str | None:
    """Why not, asked of Azure; None also where no mark is planned."""
    marks = [one for one in planned if is_mark(session, one.drift.name, one.drift.value)]
    if not marks:
        return None
    with session.reader() as reader:
        created = created_at_now(reader, row.id)
        tags = current_tags(reader, row.id)
    reasons = (why_no_mark(session, m.drift.tagged_created_at, created, tags) for m in marks)
    return next((why for why in reasons if why), None)


def _left_if_mark(session: Session, one: LostTag, why: str | None) -> LostTag:
    is_left = why and one.outcome == "planned" and is_mark(session, one.drift.name, one.drift.value)
    return replace(one, outcome="left", why=why) if is_left else one


def _ended(one: LostTag, after: Mapping[str, str]) -> LostTag:
    if one.outcome != "planned":
        return one
    found = after.get(one.drift.name.lower())
    if found == one.drift.value:
        return replace(one, outcome="restored")
    return replace(one, outcome="left", why=f"somebody set it to {found!r} meanwhile")


def _reason(planned: Sequence[LostTag]) -> str:
    days = [one.drift.missing_since for one in planned if one.drift.missing_since]
    return "lost" if not days else f"missing since {min(days):%Y-%m-%d}"
