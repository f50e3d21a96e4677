"""Proposals as a file: CSV, Excel or Parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queries.reports.proposals import COLUMNS, Proposal, line_of
from queries.reports.sheets import csv_value, write_csv, write_whole
from queries.store import library
from queries.store.file import Store
from queries.text.json_text import iso

FORMS = (".csv", ".xlsx", ".parquet")
WIDEST = 60


def write_proposals(store: Store, proposals: Sequence[Proposal], path: Path) -> None:
    """Write them in the form that the suffix names; the file is there whole or not at all."""
    rows = [line_of(one) for one in proposals]
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_csv(path, COLUMNS, rows, mark=False)
    elif suffix == ".xlsx":
        write_whole(path, _as_workbook(rows))
    else:
        _write_parquet(store, rows, path)


def _as_workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One sheet with a frozen head, a filter, and amounts as numbers."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "recommendations"
    for place, name in enumerate(COLUMNS, start=1):
        sheet.cell(1, place, name).font = Font(bold=True)
        width = max(len(name), *(len(str(row[name] or "")) for row in rows), 0)
        sheet.column_dimensions[get_column_letter(place)].width = min(width, WIDEST) + 2
        for line, row in enumerate(rows, start=2):
            cell = sheet.cell(line, place)
            if isinstance(row[name], Decimal):
                cell.value, cell.number_format = row[name], "#,##0.00"
            elif row[name] is not None:
                cell.value, cell.data_type = csv_value(row[name]), "s"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _write_parquet(store: Store, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write it where nobody else may read, and from there whole to its place."""
    texts = [{**row, "x_RecommendationDate": iso(row["x_RecommendationDate"])} for row in rows]
    with TemporaryDirectory(prefix="mothball-") as folder, store.reading() as connection:
        made = Path(folder) / "proposals.parquet"
        values = {"rows": json.dumps(texts, default=str), "path": str(made)}
        library.do(connection, "proposals_parquet", values)
        write_whole(path, made.read_bytes())
