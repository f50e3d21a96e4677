"""Rows as files that spreadsheet programs open right: CSV (RFC 4180, with a BOM) and Excel."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queries.text.cells import as_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Mapping[str, Any]]
WIDEST = 60


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
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([as_cell(line)] for line in head)
    writer.writerow(columns)
    writer.writerows([csv_value(row.get(name)) for name in columns] for row in rows)
    write_whole(path, text.getvalue().encode("utf-8-sig" if mark else "utf-8"))


def write_xlsx(
    path: Path, columns: Sequence[str], rows: Rows, choices: Mapping[str, Sequence[str]]
) -> None:
    """Write a table as an Excel workbook; `choices` gives a column a drop-down list."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "deployments"
    for place, name in enumerate(columns, start=1):
        sheet.cell(1, place, name).font = Font(bold=True)
        width = max([len(name), *(len(str(xlsx_value(row.get(name)) or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(place)].width = min(width, WIDEST) + 2
    for line, row in enumerate(rows, start=2):
        for place, name in enumerate(columns, start=1):
            value = xlsx_value(row.get(name))
            cell = sheet.cell(line, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for name, values in choices.items():
        letter = get_column_letter(columns.index(name) + 1)
        _offer(sheet, f"{letter}2:{letter}{max(len(rows) + 1, 2)}", values)
    sheet.freeze_panes = "B2"
    held = io.BytesIO()
    book.save(held)
    write_whole(path, held.getvalue())


def _offer(sheet: Worksheet, cells: str, values: Sequence[str]) -> None:
    """Let some cells be chosen from a drop-down list."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True)
    sheet.add_data_validation(listed)
    listed.add(cells)


def csv_value(value: Any) -> Any:
    """A value as a cell of a CSV file; unknown is an empty cell."""
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return _text(value)


def xlsx_value(value: Any) -> Any:
    """A value as a cell of a workbook: numbers stay numbers, the rest is text."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    return _text(value)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there."""
    aside = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        aside.write_bytes(content)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return as_cell("; ".join(str(item) for item in value))
    return as_cell(str(value))
