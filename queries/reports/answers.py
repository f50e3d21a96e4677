"""What owners wrote into their files: read back line by line; a wrong line never loses the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from queries.reports.dates import (
    DAY_ZERO,
    Order,
    Readings,
    ahead,
    date_of,
    order_of,
    readings,
    within,
)
from queries.reports.owners import DECISIONS, FILLED
from queries.reports.returned import NoAnswers, Row, rows_of
from queries.text.cells import from_cell

NEEDED = ("id", *FILLED)
# A spreadsheet may drop the seconds, or keep them a little off.
SAME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision. `line` is the line or row of the file, the heading being 1.

    `created_at` is what the report said of the deployment (None: it did not know), `as_of` how
    old that was.
    """

    line: int
    id: str
    created_at: datetime | None
    as_of: datetime | None
    decision: str
    until: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be taken, and how to fix it."""

    line: int
    id: str
    fix: str


@dataclass(frozen=True, slots=True)
class Answers:
    """All of a file: the decisions, the wrong lines, and how many wait for a decision still."""

    answers: tuple[Answer, ...]
    wrong: tuple[WrongLine, ...]
    undecided: int


def read_answers(path: Path, today: date) -> Answers:
    """Read an owner's file, CSV (as spreadsheet programs save it) or Excel; raises NoAnswers."""
    rows = rows_of(path, NEEDED)
    order = _order(rows, today)
    items = [_answer(line, row, order, today) for line, row in rows]
    silent = [row for (_line, row), one in zip(rows, items, strict=True) if one is None]
    return _answers(items, sum(bool(row.get("proposed", True)) for row in silent))


def filled_in(path: Path, today: date) -> dict[str, Row]:
    """What an owner filled in so far, right or wrong, by id in lower case; empty: nothing yet.

    `until` is a date where it can be read as one.
    """
    try:
        rows = rows_of(path, NEEDED) if path.exists() else []
    except NoAnswers:
        return {}
    order = _order(rows, today)
    by_id = {from_cell(str(row.get("id") or "")).lower(): row for _line, row in rows}
    return {
        key: {**row, "until": _date_or_words(row.get("until"), order, today)}
        for key, row in by_id.items()
        if any(row.get(name) for name in FILLED)
    }


def is_of(row: Row, created_at: datetime | None) -> bool:
    """Whether a line speaks of the deployment that was created then, as far as is known."""
    try:
        stated = _moment(row.get("created_at"), "created_at")
    except ValueError:
        return False
    return stated is None or created_at is None or is_same(stated, created_at)


def is_same(reported: datetime, known: datetime) -> bool:
    """Whether two creation times are one."""
    return abs(reported - known.astimezone(UTC)) < SAME


def _order(rows: Sequence[tuple[int, Row]], today: date) -> Order | None:
    """Whether day or month comes first in the dates of a file.

    A program that writes dates in its own order does so to the day of the report, too.
    """
    ways = [ahead(readings(_words(row.get("until"))), today) for _line, row in rows]
    return order_of([*ways, *(_written_on(row, today) for _line, row in rows)])


def _written_on(row: Row, today: date) -> Readings:
    """When the report may have been written: not before what it rests on, nor after today."""
    try:
        as_of = _moment(row.get("as_of"), "as_of")
    except ValueError:
        as_of = None
    first = date.min if as_of is None else as_of.date()
    return within(readings(_words(row.get("written_on"))), first, today)


def _answers(items: Sequence[Answer | WrongLine | None], undecided: int) -> Answers:
    lines: dict[str, list[Answer]] = {}
    for one in items:
        if isinstance(one, Answer):
            lines.setdefault(one.id.lower(), []).append(one)
    wrong = [one for one in items if isinstance(one, WrongLine)]
    wrong += [one for held in lines.values() if len(held) > 1 for one in _repeated(held)]
    return Answers(
        tuple(held[0] for held in lines.values() if len(held) == 1),
        tuple(sorted(wrong, key=lambda line: line.line)),
        undecided,
    )


def _repeated(held: Sequence[Answer]) -> Iterator[WrongLine]:
    """Which of several lines on one deployment is meant is not known: none of them is taken."""
    for one in held:
        others = ", ".join(str(other.line) for other in held if other is not one)
        text = f"line {others} decides on the same deployment: leave one of them"
        yield WrongLine(one.line, one.id, text)


def _answer(line: int, row: Row, order: Order | None, today: date) -> Answer | WrongLine | None:
    """A line's decision; None where there is none."""
    resource_id = from_cell(str(row.get("id") or ""))
    decision = from_cell(str(row.get("decision") or "")).lower()
    try:
        until = _date(row.get("until"), order, today)
        if not decision:
            if until is not None or row.get("reason"):
                raise ValueError(f"a decision is missing: one of {', '.join(DECISIONS)}")
            return None
        if decision not in DECISIONS:
            raise ValueError(f"{decision!r} is no decision; there are: {', '.join(DECISIONS)}")
        if not resource_id:
            raise ValueError("the id is missing: leave that column as it was")
        created_at = _moment(row.get("created_at"), "created_at")
        as_of = _moment(row.get("as_of"), "as_of")
    except ValueError as error:
        return WrongLine(line, resource_id, str(error))
    reason = from_cell(str(row.get("reason") or "")) or None
    return Answer(line, resource_id, created_at, as_of, decision, until, reason)


def _date(value: Any, order: Order | None, today: date) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _words(value)
    return date_of(text, order, today) if text else None


def _date_or_words(value: Any, order: Order | None, today: date) -> Any:
    try:
        return _date(value, order, today)
    except ValueError:
        return value


def _words(value: Any) -> str:
    """A cell as somebody wrote it; empty where it holds a date of its own."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if isinstance(value, date) else from_cell(str(value or ""))


def _moment(value: Any, name: str) -> datetime | None:
    """A time; spreadsheets turn it into a cell of their own, with or without a zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, int | float):
        value = DAY_ZERO + timedelta(days=value)
    if isinstance(value, str):
        text = from_cell(value)
        if not text:
            return None
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{name} cannot be read: {text!r}; leave it as it was") from None
    if value is None:
        return None
    assert isinstance(value, datetime)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
