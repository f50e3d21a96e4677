"""Proposals as a file: CSV, Excel or Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

from queries.reports.excel import Sheet, write_workbook
from queries.reports.proposals import COLUMNS, Proposal, line_of
from queries.reports.sheets import write_csv, written_whole
from queries.store import library
from queries.store.file import Store
from queries.text.json_text import iso

FORMS = (".csv", ".xlsx", ".parquet")


def write_proposals(store: Store, proposals: Sequence[Proposal], path: Path) -> None:
    """Write them in the form that the suffix names; the file is there whole or not at all."""
    rows = map(line_of, proposals)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_csv(path, COLUMNS, rows, mark=False)
    elif suffix == ".xlsx":
        write_workbook(path, [Sheet("recommendations", COLUMNS, list(rows))])
    else:
        _write_parquet(store, rows, path)


def _write_parquet(store: Store, rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write it where nobody else may read, and from there whole to its place."""
    with TemporaryDirectory(prefix="mothball-") as folder, store.reading() as connection:
        lines, made = Path(folder) / "proposals.json", Path(folder) / "proposals.parquet"
        with lines.open("w", encoding="utf-8") as file:
            file.writelines(f"{_as_json(row)}\n" for row in rows)
        library.do(connection, "proposals_parquet", {"rows": str(lines), "path": str(made)})
        with made.open("rb") as written, written_whole(path) as whole:
            copyfileobj(written, whole)


def _as_json(row: Mapping[str, Any]) -> str:
    at = iso(row["x_RecommendationDate"])
    return json.dumps({**row, "x_RecommendationDate": at}, default=str)
