"""Proposals as a file: CSV, Excel or Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queries.reports.excel import Sheet, write_workbook
from queries.reports.proposals import COLUMNS, Proposal, line_of
from queries.reports.sheets import write_csv, write_whole
from queries.store import library
from queries.store.file import Store
from queries.text.json_text import iso

FORMS = (".csv", ".xlsx", ".parquet")


def write_proposals(store: Store, proposals: Sequence[Proposal], path: Path) -> None:
    """Write them in the form that the suffix names; the file is there whole or not at all."""
    rows = [line_of(one) for one in proposals]
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_csv(path, COLUMNS, rows, mark=False)
    elif suffix == ".xlsx":
        write_workbook(path, [Sheet("recommendations", COLUMNS, rows)])
    else:
        _write_parquet(store, rows, path)


def _write_parquet(store: Store, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write it where nobody else may read, and from there whole to its place."""
    texts = [{**row, "x_RecommendationDate": iso(row["x_RecommendationDate"])} for row in rows]
    with TemporaryDirectory(prefix="mothball-") as folder, store.reading() as connection:
        made = Path(folder) / "proposals.parquet"
        values = {"rows": json.dumps(texts, default=str), "path": str(made)}
        library.do(connection, "proposals_parquet", values)
        write_whole(path, made.read_bytes())
