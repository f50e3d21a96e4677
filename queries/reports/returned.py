"""A table that came back from a spreadsheet program: rows under a heading, wherever that stands."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Lines = Iterable[tuple[int, Sequence[Any]]]
DELIMITERS = ",;\t|"
# How far down a heading is looked for.
HEAD_ROWS = 50
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
SAVE_AS = "save it as .xlsx or .csv in the program that opens it, and import that"


class NoAnswers(Exception):
    """The file is not one of the owners' files; the text says what is wrong with it."""


def rows_of(path: Path, needed: Sequence[str]) -> list[tuple[int, Row]]:
    """The rows that are not empty, with their lines, by the names of the heading.

    The heading is the first row with all the `needed` names; what stands above it is passed over.
    """
    best: set[str] = set()
    for lines in _tables(path):
        left = iter(lines)
        heading = _heading(left, needed)
        best = max(best, set(needed) & set(heading), key=len)
        if len(best) == len(set(needed)):
            return _under(path, heading, left)
    missing = next(name for name in needed if name not in best)
    raise NoAnswers(f"{path} has no column {missing!r}: is it a file of `report owners`?")


def _heading(lines: Iterator[tuple[int, Sequence[Any]]], needed: Sequence[str]) -> list[str]:
    """The names of the row that has most of the needed ones; `lines` stand after it."""
    best: list[str] = []
    with suppress(csv.Error):  # by another delimiter it may be a table
        for _line, cells in islice(lines, HEAD_ROWS):
            names = [_name(cell) for cell in cells]
            best = max(best, names, key=lambda row: len(set(needed) & set(row)))
            if set(needed) <= set(best):
                break
    return best


def _tables(path: Path) -> Iterator[Lines]:
    """What may be the table: each sheet of a workbook, a text by each delimiter."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoAnswers(f"{path} cannot be read: {error.strerror or error}") from error
    if content.startswith(OLD_EXCEL):
        raise NoAnswers(f"{path} is a workbook of an old Excel: {SAVE_AS}")
    if content.startswith(b"PK"):
        return _of_workbook(path, content)
    text = _decoded(content)
    return (_of_text(text, delimiter) for delimiter in DELIMITERS)


def _name(cell: Any) -> str:
    return str(cell or "").strip().strip("\ufeff").lower().replace(" ", "_")


def _under(
    path: Path, heading: Sequence[str], lines: Iterator[tuple[int, Sequence[Any]]]
) -> list[tuple[int, Row]]:
    """The rows below the heading that hold anything."""
    rows: list[tuple[int, Row]] = []
    try:
        for line, cells in lines:
            if any(str(cell).strip() for cell in cells if cell is not None):
                rows.append((line, dict(zip(heading, cells, strict=False))))
    except csv.Error as error:
        raise NoAnswers(f"{path}: {error}") from error
    return rows


def _of_text(text: str, delimiter: str) -> Lines:
    """The rows with the lines in which they begin; csv.Error names the line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    began = 1
    try:
        for row in reader:
            yield began, row
            began = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"line {began}: {error}") from error


def _decoded(content: bytes) -> str:
    """The text as a spreadsheet program saved it: UTF-8 with or without a mark, UTF-16, Windows."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _of_workbook(path: Path, content: bytes) -> Iterator[Lines]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if "mimetype" in zipfile.ZipFile(io.BytesIO(content)).namelist():
            raise NoAnswers(f"{path} is an OpenDocument file: {SAVE_AS}")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError) as error:
        raise NoAnswers(f"{path} is no workbook that can be read: {error}") from error
    return (enumerate(rows, 1) for rows in sheets)
