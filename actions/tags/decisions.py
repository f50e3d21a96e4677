"""Owners' decisions -> tags: what each would change, and its doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions import journal
from actions.batch import Done, IsStopWanted, never, to_each
from actions.session import Session
from actions.states import DecisionOutcome
from actions.tags.extend import extend
from actions.tags.retire import ROLE, foreign_role, retire, short_grace, undo
from actions.tags.tag import current_tags
from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.records import key_of
from queries.estate.questions import current_deployments, need_snapshot
from queries.estate.rows import DeploymentRow
from queries.reports.answers import Answer, is_same
from queries.store import journal as chain
from queries.vocabulary import RETIRABLE

ACTION = "decide"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer, the deployment that it speaks of (None: not known), and what comes of it.

    `failure` is what was in the way, where it was to be done.
    """

    answer: Answer
    row: DeploymentRow | None
    change: str
    outcome: DecisionOutcome
    failure: Exception | None = None


@dataclass(frozen=True, slots=True)
class DecisionSubject:
    """What a decision meets: the deployment, its tags in Azure now, what was decided last."""

    row: DeploymentRow
    tags: Mapping[str, str]
    last: Mapping[str, str | None]


def look(session: Session, answers: Sequence[Answer]) -> list[Decision]:
    """What each answer would change, with the tags as Azure has them now, journalled.

    Nothing is written to Azure. NoSnapshot where none is finished.
    """
    need_snapshot(session.store)
    rows = {row.deployment_key: row for row in current_deployments(session.store)}
    last = _last_decisions(session)
    decisions = []
    with session.reader() as reader:
        for answer in answers:
            row = rows.get(key_of(answer.id))
            decisions.append(_looked_at(session, reader, answer, row, last))
    would = [one for one in decisions if one.outcome == "would change"]
    planned = {one.row.id: _evidence(one) for one in would if one.row is not None}
    journal.note_each(session, ACTION, planned, "planned")
    return decisions


def apply(
    session: Session,
    decisions: Sequence[Decision],
    heard: Callable[[Decision], None],
    is_stop_wanted: IsStopWanted = never,
) -> list[Decision]:
    """Do what would change, one after another; `heard` as each one ends.

    What a wanted stop came before stays as it would change.
    """
    pending = [decision for decision in decisions if decision.outcome == "would change"]
    ended = {}
    for done in to_each(pending, lambda decision: _do(session, decision), is_stop_wanted):
        decision = ended[id(done.target)] = _ended(done)
        if done.state != "stopped":
            heard(decision)
    return [ended.get(id(decision), decision) for decision in decisions]


def _looked_at(
    session: Session,
    reader: Reader,
    answer: Answer,
    row: DeploymentRow | None,
    last: Mapping[str, Mapping[str, str | None]],
) -> Decision:
    if row is None or row.deployment is None:
        problem = "the store knows no such deployment: was it deleted, or the id changed?"
        return Decision(answer, None, problem, "wrong")
    try:
        tags = current_tags(reader, row.id)
    except AzureFailure as failure:
        return Decision(answer, row, f"{failure.message} ({failure.code})", "failed")
    situation = DecisionSubject(row, tags, last.get(row.deployment_key, {}))
    objection = _objection(session, answer, situation)
    if objection:
        return Decision(answer, row, objection, "wrong")
    change = _change(session, answer, situation)
    return Decision(answer, row, change or "as decided", _pending(change))


def _pending(change: str | None) -> DecisionOutcome:
    return "nothing to change" if change is None else "would change"


def _objection(session: Session, answer: Answer, situation: DecisionSubject) -> str | None:
    """Why the answer cannot be taken, with the fix; None where it can."""
    today = session.now().date()
    if _is_another(answer, situation.row):
        return "it was created anew since the report: ask for a decision on a fresh one"
    if answer.until is not None and answer.until < today:
        return f"{answer.until} is past"
    if answer.decision == "extend" and answer.until is None:
        return "extend needs a date in the column until"
    if answer.decision in ("extend", "keep") and not answer.reason:
        return f"{answer.decision} needs a reason"
    if answer.decision == "retire":
        return _retire_objection(session, answer, situation, today)
    return None


def _retire_objection(
    session: Session, answer: Answer, situation: DecisionSubject, today: date
) -> str | None:
    verdict = situation.row.verdict
    if verdict not in RETIRABLE:
        return f"its verdict is {verdict}: only {', '.join(RETIRABLE)} can be retired"
    role = foreign_role(session, situation.tags)
    if role:
        return f"its role is {role}: mothball retire --replace replaces it"
    if answer.until is None:
        return None
    return short_grace(session.limits, (answer.until - today).days, answer.reason)


def _change(session: Session, answer: Answer, situation: DecisionSubject) -> str | None:
    """What would be written, in words; None where it is so already."""
    tags = {name.lower(): value.strip() for name, value in situation.tags.items()}
    if answer.decision == "retire":
        until = _value(session, tags, "retire_after")
        is_marked = _value(session, tags, "role").lower() == ROLE and bool(until)
        if is_marked and (answer.until is None or until == answer.until.isoformat()):
            return None
        return f"mark for retirement {'after the grace' if answer.until is None else answer.until}"
    if answer.until is not None:
        if _value(session, tags, "exempt_until") == answer.until.isoformat():
            return None
        return f"exempt until {answer.until}"
    noted = {"decision": answer.decision, "until": None, "reason": answer.reason}
    is_marked = _value(session, tags, "role").lower() == ROLE
    if is_marked:
        return "take the retire mark away"
    return None if situation.last == noted else "note in the journal that it is kept"


def _ended(done: Done[Decision, Decision]) -> Decision:
    if done.result is not None:
        return done.result
    if done.failure is None:
        return done.target
    outcome: DecisionOutcome = "refused" if done.state == "refused" else "failed"
    return replace(done.target, outcome=outcome, failure=done.failure)


def _do(session: Session, decision: Decision) -> Decision:
    answer, row = decision.answer, decision.row
    assert row is not None
    _write(session, answer, row)
    journal.note(session, ACTION, row.id, "done", answer.reason, None, _evidence(decision))
    return replace(decision, outcome="done")


def _evidence(decision: Decision) -> dict[str, str | None]:
    answer = decision.answer
    return {
        "decision": answer.decision,
        "until": answer.until.isoformat() if answer.until else None,
        "reason": answer.reason,
        "owner": decision.row.owner if decision.row else None,
    }


def _write(session: Session, answer: Answer, row: DeploymentRow) -> None:
    if answer.decision == "retire":
        grace = session.limits.grace_days
        if answer.until is not None:
            grace = (answer.until - session.now().date()).days
        retire(session, row, grace, answer.reason)
    elif answer.until is not None:
        extend(session, row, answer.until, answer.reason or "")
    elif row.role == ROLE or _is_marked_now(session, row):
        undo(session, row)


def _is_marked_now(session: Session, row: DeploymentRow) -> bool:
    with session.reader() as reader:
        tags = {name.lower(): value for name, value in current_tags(reader, row.id).items()}
    return _value(session, tags, "role").strip().lower() == ROLE


def _value(session: Session, folded: Mapping[str, str], meaning: str) -> str:
    """The first tag of that meaning that is there; empty where none is."""
    names = (name.lower() for name in session.policy.tags[meaning])
    return next((folded[name] for name in names if folded.get(name)), "")


def _is_another(answer: Answer, row: DeploymentRow) -> bool:
    """Whether the report spoke of an older deployment of that name."""
    if row.created_at is None:
        return False
    if answer.created_at is not None:
        return not is_same(answer.created_at, row.created_at)
    return answer.as_of is not None and row.created_at > answer.as_of + MINUTE


def _last_decisions(session: Session) -> dict[str, dict[str, str | None]]:
    """What was decided last of each deployment, from the journal."""
    found: dict[str, dict[str, str | None]] = {}
    for entry in chain.entries(session.store):
        if entry.action == ACTION and entry.outcome == "done":
            noted = {name: entry.evidence.get(name) for name in ("decision", "until", "reason")}
            found[key_of(entry.target)] = noted
    return found
