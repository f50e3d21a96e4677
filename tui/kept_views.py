"""Orders, groups and columns that the user chose, kept for the next start."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tui.widgets.grid import Sort, View


class KeptViews:
    """Views by the name of their table, in one JSON file; without a path nothing is kept.

    What cannot be read of the file counts as not kept: a view is never worth a failure.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read nothing yet."""
        self._path = path

    def read(self, name: str) -> View | None:
        """The view of a table; None where none was kept."""
        return _view(self._told().get(name))

    def keep(self, name: str, view: View) -> None:
        """Keep a view in place of the one before; OSError where the file cannot be written."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(self._told() | {name: asdict(view)}, indent=2))
        beside.replace(self._path)

    def _told(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            told = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def _view(told: Any) -> View | None:
    """The view, if all of it has the right form; the grid leaves out columns that are gone."""
    if not isinstance(told, dict) or not isinstance(told.get("sort"), dict):
        return None
    sort, group, columns = told["sort"], told.get("group"), told.get("columns")
    is_list = isinstance(columns, list) and all(isinstance(each, str) for each in columns)
    if not isinstance(sort.get("column_id"), str) or not (columns is None or is_list):
        return None
    return View(
        Sort(sort["column_id"], sort.get("descending") is True),
        group if isinstance(group, str) else None,
        None if columns is None else tuple(columns),
    )
