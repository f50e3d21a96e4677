"""The targets of a plan on its dialog: the table, in which each can be taken out, and a pane."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.grid.targets import PlanTable

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow

Table = TypeVar("Table", bound=PlanTable[Any])


class TargetsView(Generic[Table]):
    """What a dialog holds to show its targets: a table of them, and all of the current one."""

    def __init__(self, dialog: Screen[Any], table: Table) -> None:
        """Nothing is looked for before the dialog is on screen; the table's id is `targets`."""
        self._dialog, self.table = dialog, table
        self._described: str | None = None

    def compose(self) -> ComposeResult:
        """The table, and the pane under it."""
        yield self.table
        with VerticalScroll(id="target", can_focus=False):
            yield Static(id="target-text", markup=False)

    @property
    def _pane(self) -> VerticalScroll:
        return self._dialog.query_one("#target", VerticalScroll)

    @property
    def width(self) -> int:
        """How many cells a line of the pane has."""
        return self._pane.scrollable_content_region.width

    def describe(self, content: Content) -> None:
        """Show all that is known of the target under the cursor; of another one from its top."""
        line = self.table.current
        key = None if line is None else line.key
        if key != self._described:
            self._described = key
            self._pane.scroll_home(animate=False)
        self._dialog.query_one("#target-text", Static).update(content)

    def marked_of(self, rows: Iterable[DeploymentRow]) -> list[DeploymentRow]:
        """Those that were not taken out, in their order."""
        marked = {line.key for line in self.table.marked}
        return [row for row in rows if row.deployment_key in marked]

    def open(self, *, is_settled: bool) -> None:
        """Before any is shown; `is_settled`: none can be taken out."""
        self.table.is_settled = is_settled

    def settle(self) -> None:
        """No mark can be set any more; beside a stage or an outcome its sign would mislead.

        What becomes of a target stands at the top of the pane.
        """
        self._pane.scroll_home(animate=False)
        self.table.is_settled = True
        self.table.unmark_all()

    def step(self, by: int) -> None:
        """Go to the next target or the one before, whatever has the focus."""
        (self.table.action_cursor_down if by > 0 else self.table.action_cursor_up)()

    def turn(self) -> None:
        """Take the target under the cursor out of the plan, or back in."""
        if not self.table.is_settled:
            self.table.action_toggle_mark()

    def page(self, direction: int) -> None:
        """Scroll what is known of the target."""
        self._pane.scroll_relative(y=direction * self._pane.size.height, animate=False)
