"""What the user chose and is there at the next start: orders and columns, named views, a theme."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tui.views.preferences import SavedView
from tui.views.saved_views import read_back, told
from tui.views.view import Sort, View

SAVED, THEME = "saved views", "theme"


class KeptViews:
    """One JSON file: views by the name of their table, saved views, the theme.

    Without a path it lasts as long as the program. What cannot be read of the file counts as not
    kept: a view is never worth a failure. Each `keep` raises OSError where the file cannot be
    written.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read nothing yet."""
        self._path = path
        self._unwritten: dict[str, Any] = {}

    def read(self, name: str) -> View | None:
        """The view of a table; None where none was kept."""
        return _view(self._told().get(name))

    def keep(self, name: str, view: View) -> None:
        """Keep a view in place of the one before."""
        if self._path is not None:
            self._write(name, asdict(view))

    def saved(self) -> tuple[SavedView, ...]:
        """The user's own saved views."""
        listed = self._told().get(SAVED)
        found = map(read_back, listed if isinstance(listed, list) else [])
        return tuple(view for view in found if view is not None)

    def keep_saved(self, view: SavedView) -> None:
        """Keep a saved view, in place of one of the same name."""
        self._write(SAVED, [*map(told, self._others(view.name)), told(view)])

    def forget_saved(self, name: str) -> None:
        """Keep a saved view no longer."""
        self._write(SAVED, [told(view) for view in self._others(name)])

    def theme(self) -> str | None:
        """The name of the theme; None where none was chosen."""
        name = self._told().get(THEME)
        return name if isinstance(name, str) else None

    def keep_theme(self, name: str) -> None:
        """Keep the choice of a theme."""
        self._write(THEME, name)

    def _others(self, name: str) -> Iterable[SavedView]:
        return (view for view in self.saved() if view.name.casefold() != name.casefold())

    def _write(self, name: str, value: Any) -> None:
        everything = self._told() | {name: value}
        if self._path is None:
            self._unwritten = everything
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(everything, indent=2))
        beside.replace(self._path)

    def _told(self) -> dict[str, Any]:
        if self._path is None:
            return self._unwritten
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
