"""What the user chose and is there at the next start: orders and columns, named views, a theme."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tui.views.kept_history import KeptHistory
from tui.views.preferences import SavedView
from tui.views.saved_views import as_saved, read_back
from tui.views.view import Sort, View

SAVED, THEME = "saved views", "theme"


class KeptViews:
    """One JSON file: views by the name of their table, saved views, the theme.

    Without a path it lasts as long as the program. What cannot be read of the file counts as not
    kept: a view is never worth a failure. Each `keep` raises OSError where the file cannot be
    written.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read nothing yet; the history lies beside the file."""
        self._path = path
        self._unwritten: dict[str, Any] = {}
        self.history = KeptHistory(None if path is None else path.with_name("history.json"))

    def read(self, name: str) -> View | None:
        """The view of a table; None where none was kept."""
        return _view(self._saved().get(name))

    def keep(self, name: str, view: View) -> None:
        """Keep a view in place of the one before."""
        if self._path is not None:
            self._write(name, asdict(view))

    def saved(self) -> tuple[SavedView, ...]:
        """The user's own saved views."""
        listed = self._saved().get(SAVED)
        found = map(read_back, listed if isinstance(listed, list) else [])
        return tuple(view for view in found if view is not None)

    def keep_saved(self, view: SavedView) -> None:
        """Keep a saved view, in place of one of the same name."""
        self._write(SAVED, [*map(as_saved, self._others(view.name)), as_saved(view)])

    def forget_saved(self, name: str) -> None:
        """Keep a saved view no longer."""
        self._write(SAVED, [as_saved(view) for view in self._others(name)])

    def theme(self) -> str | None:
        """The name of the theme; None where none was chosen."""
        name = self._saved().get(THEME)
        return name if isinstance(name, str) else None

    def keep_theme(self, name: str) -> None:
        """Keep the choice of a theme."""
        self._write(THEME, name)

    def _others(self, name: str) -> Iterable[SavedView]:
        return (view for view in self.saved() if view.name.casefold() != name.casefold())

    def _write(self, name: str, value: Any) -> None:
        everything = self._saved() | {name: value}
        if self._path is None:
            self._unwritten = everything
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(everything, indent=2))
        temporary.replace(self._path)

    def _saved(self) -> dict[str, Any]:
        if self._path is None:
            return self._unwritten
        try:
            document = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return document if isinstance(document, dict) else {}


def _view(saved: Any) -> View | None:
    """The view, if all of it has the right form; the grid leaves out columns that are gone."""
    if not isinstance(saved, dict) or (sort := _sort(saved.get("sort"))) is None:
        return None
    group, columns, widened = (saved.get(name) for name in ("group", "columns", "widened"))
    if columns is not None and _names(columns) is None:
        return None
    return View(
        sort,
        group if isinstance(group, str) else None,
        _names(columns),
        _names(widened) or (),
    )


def _sort(saved: Any) -> Sort | None:
    if not isinstance(saved, dict) or not isinstance(saved.get("column_id"), str):
        return None
    first = Sort(saved["column_id"], saved.get("descending") is True)
    then = _sort(saved.get("then"))
    return first if then is None else replace(first, then=replace(then, then=None))


def _names(saved: Any) -> tuple[str, ...] | None:
    is_list = isinstance(saved, list) and all(isinstance(each, str) for each in saved)
    return tuple(saved) if is_list else None
