"""Textual's own DataTable with the same rows: what a table cannot do without.

python -m tests.bench.data_table FILE

The rows are those of a file that `mothball list --format json` wrote; `/` goes to a filter that
keeps the rows which hold its text, escape back, and `s` sorts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Input

NAMES = (
    "verdict",
    "endpoint",
    "deployment",
    "live_traffic_percent",
    "requests_in_window",
    "idle_days",
    "instance_type",
    "monthly_run_rate",
    "owner",
)


class Rows(App[None]):
    """A filter above a table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter"),
        Binding("escape", "leave", "Leave", priority=True),
        Binding("s", "sort", "Sort"),
    ]

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        """Take the rows of a list."""
        super().__init__()
        self._descending = False
        self._rows = [tuple(str(row[name]) for name in NAMES) for row in rows]

    def compose(self) -> ComposeResult:
        """The filter and the table."""
        yield Input()
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Show all rows."""
        table = self.query_one(DataTable)
        for name in NAMES:
            table.add_column(name, key=name)
        table.add_rows(self._rows)
        table.focus()

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Keep the rows that hold the text."""
        table = self.query_one(DataTable)
        table.clear()
        table.add_rows([row for row in self._rows if any(changed.value in cell for cell in row)])

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one(Input).focus()

    def action_sort(self) -> None:
        """Sort by one column, then the other way round."""
        self.query_one(DataTable).sort("endpoint", reverse=self._descending)
        self._descending = not self._descending

    def action_leave(self) -> None:
        """Go back to the table, with all rows."""
        self.query_one(Input).value = ""
        self.query_one(DataTable).focus()


if __name__ == "__main__":
    Rows(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).run()
