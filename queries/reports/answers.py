"""What owners wrote into their files: read back line by line; a wrong line never loses the rest."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from queries.reports.owners import DECISIONS
from queries.text.cells import from_cell

FILLED = ("decision", "until", "reason")
NEEDED = ("id", *FILLED)
Row = Mapping[str, Any]


class NoAnswers(Exception):
    """The file is not one of the owners' files; the text says what is wrong with it."""


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
    """All of a file: the decisions, the wrong lines, and how many lines have no decision yet."""

    answers: tuple[Answer, ...]
    wrong: tuple[WrongLine, ...]
    undecided: int


def read_answers(path: Path) -> Answers:
    """Read an owner's file, CSV (as spreadsheet programs save it) or Excel; raises NoAnswers."""
    return _answers([_answer(line, row) for line, row in _rows(path)])


def filled_in(path: Path) -> dict[str, Row]:
    """What an owner filled in so far, right or wrong, by id in lower case; empty: nothing yet."""
    try:
        rows = [row for _line, row in _rows(path)] if path.exists() else []
    except NoAnswers:
        return {}
    by_id = {from_cell(str(row.get("id") or "")).lower(): row for row in rows}
    return {key: row for key, row in by_id.items() if any(row.get(name) for name in FILLED)}


def is_of(row: Row, created_at: datetime | None) -> bool:
    """Whether a line speaks of the deployment that was created then, as far as is known."""
    try:
        stated = _moment(row.get("created_at"), "created_at")
    except ValueError:
        return False
    return stated is None or created_at is None or is_same(stated, created_at)


def is_same(reported: datetime, known: datetime) -> bool:
    """Whether two creation times are one; a spreadsheet may have dropped the seconds."""
    at = known.astimezone(UTC)
    return reported.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The lines of a file that are not empty, by the names of its heading."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoAnswers(f"{path} cannot be read: {error.strerror or error}") from error
    cells = _of_workbook(path, content) if content[:2] == b"PK" else _of_csv(path, content)
    lines = iter(cells)
    heading = [
        str(cell or "").strip().lower() for _line, row in [next(lines, (1, []))] for cell in row
    ]
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise NoAnswers(f"{path} has no column {missing[0]!r}: is it a file of `report owners`?")
    rows = ((line, dict(zip(heading, row, strict=False))) for line, row in lines)
    return ((line, row) for line, row in rows if any(row.values()))


def _answers(items: Sequence[Answer | WrongLine | None]) -> Answers:
    lines: dict[str, list[Answer]] = {}
    for one in items:
        if isinstance(one, Answer):
            lines.setdefault(one.id.lower(), []).append(one)
    wrong = [one for one in items if isinstance(one, WrongLine)]
    wrong += [one for held in lines.values() if len(held) > 1 for one in _repeated(held)]
    return Answers(
        tuple(held[0] for held in lines.values() if len(held) == 1),
        tuple(sorted(wrong, key=lambda line: line.line)),
        sum(one is None for one in items),
    )


def _repeated(held: Sequence[Answer]) -> Iterator[WrongLine]:
    """Which of several lines on one deployment is meant is not known: none of them is taken."""
    for one in held:
        others = ", ".join(str(other.line) for other in held if other is not one)
        text = f"line {others} decides on the same deployment: leave one of them"
        yield WrongLine(one.line, one.id, text)


def _answer(line: int, row: Row) -> Answer | WrongLine | None:
    resource_id = from_cell(str(row.get("id") or ""))
    decision = from_cell(str(row.get("decision") or "")).lower()
    try:
        until = _date(row.get("until"))
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


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = from_cell(str(value or ""))
    if not text:
        return None
    try:
        return date.fromisoformat(text.split("T")[0].split(" ")[0])
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2027-01-31") from None


def _moment(value: Any, name: str) -> datetime | None:
    """A time; spreadsheets turn it into a cell of their own, with or without a zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
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


def _of_csv(path: Path, content: bytes) -> Iterator[tuple[int, list[Any]]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    began = 1
    try:
        for row in reader:
            yield began, row
            began = reader.line_num + 1
    except csv.Error as error:
        raise NoAnswers(f"{path}, line {began}: {error}") from error


def _decoded(content: bytes) -> str:
    """The text as a spreadsheet program saved it: UTF-8 with or without a mark, UTF-16, Windows."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _of_workbook(path: Path, content: bytes) -> Iterable[tuple[int, list[Any]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [(line, list(row)) for line, row in enumerate(sheet.iter_rows(values_only=True), 1)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError) as error:
        raise NoAnswers(f"{path} is no workbook that can be read: {error}") from error
