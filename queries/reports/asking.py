"""What owners were asked: since when an answer is awaited, and what is to be asked again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from queries.estate.rows import DeploymentRow
from queries.store import library
from queries.store.append import append, aware_utc, naive_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Question:
    """When the open question about a deployment was asked first, and when one was answered last.

    None: none is open; none was ever answered.
    """

    asked_at: datetime | None
    answered_at: datetime | None


Questions = Mapping[str, Question]
NEVER_ASKED = Question(None, None)


def read_questions(store: Store) -> Questions:
    """What is known of the questions about each deployment, by its key."""
    with store.reading() as connection:
        rows = library.ask(connection, "owner_questions")
    return {
        row["deployment_key"]: Question(aware_utc(row["asked_at"]), aware_utc(row["answered_at"]))
        for row in rows
    }


def awaits_answer(row: DeploymentRow) -> bool:
    """Whether its owner is to decide: it could be retired, and is not marked yet."""
    return row.may_be_retired and not row.is_marked


def awaits_since(row: DeploymentRow, questions: Questions, since: date) -> bool:
    """Whether its owner is to decide, and has not since that day."""
    answered_at = question_of(row, questions).answered_at
    return awaits_answer(row) and (answered_at is None or answered_at.date() < since)


def waiting_days(row: DeploymentRow, questions: Questions, today: date) -> int | None:
    """For how many days an answer is awaited, 0 where it is asked today; None: no answer is."""
    if not awaits_answer(row):
        return None
    asked_at = question_of(row, questions).asked_at
    return 0 if asked_at is None else (today - asked_at.date()).days


def question_of(row: DeploymentRow, questions: Questions) -> Question:
    """What was asked about it, and not about an older one under its name."""
    found, born = questions.get(row.deployment_key, NEVER_ASKED), row.created_at
    if born is None:
        return found
    asked_at, answered_at = (
        at if at is not None and at >= born else None for at in (found.asked_at, found.answered_at)
    )
    return Question(asked_at, answered_at)


def note_asked(
    store: Store,
    rows: Sequence[DeploymentRow],
    asked: Collection[str],
    answer_by: date,
    now: datetime,
) -> None:
    """Keep what was asked now for the first time (keys), and what is asked of nobody any more."""
    questions = read_questions(store)
    known = {row.deployment_key: questions.get(row.deployment_key, NEVER_ASKED) for row in rows}
    is_open = {row.deployment_key: question_of(row, questions).asked_at is not None for row in rows}
    ended = [
        row
        for row in rows
        if known[row.deployment_key].asked_at is not None
        and not (is_open[row.deployment_key] and awaits_answer(row))
    ]
    new = [row for row in rows if row.deployment_key in asked and not is_open[row.deployment_key]]
    notes = [_note(row, now, is_asked=False) for row in ended]
    notes += [_note(row, now, is_asked=True) | {"answer_by": answer_by} for row in new]
    if notes:
        with store.noting() as connection:
            append(connection, "asked_owners", notes)


def _note(row: DeploymentRow, now: datetime, *, is_asked: bool) -> dict[str, Any]:
    return {
        "deployment_key": row.deployment_key,
        "owner": row.owner,
        "noted_at": naive_utc(now),
        "is_asked": is_asked,
    }
