"""Rows as CSV files that spreadsheet programs open right (RFC 4180, with a BOM)."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from queries.text.cells import as_cell

Rows = Iterable[Mapping[str, Any]]


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Rows,
    *,
    mark: bool = True,
    head: Sequence[str] = (),
) -> None:
    """Write the rows under their columns; the file is there whole or not at all.

    Each line of the `head` stands above the columns, in a cell of its own.

    `mark` puts the sign of UTF-8 first, without which spreadsheet programs guess; programs that
    read columns by name want none.
    """
    encoding = "utf-8-sig" if mark else "utf-8"
    with (
        written_whole(path) as file,
        io.TextIOWrapper(file, encoding=encoding, newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerows([as_cell(line)] for line in head)
        writer.writerow(columns)
        writer.writerows([csv_value(row.get(name)) for name in columns] for row in rows)


def csv_value(value: Any) -> Any:
    """A value as a cell of a CSV file; unknown is an empty cell."""
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return as_text(value)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; nobody else may read it."""
    with written_whole(path) as file:
        file.write(content)


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file beside its place, which is moved there once all is in it; nobody else may read it."""
    aside = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def as_text(value: Any) -> str:
    """A value as text that no program takes for a formula; lists in one line."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return as_cell("; ".join(str(item) for item in value))
    return as_cell(str(value))
