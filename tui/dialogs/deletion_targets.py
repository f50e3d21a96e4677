"""The targets of a deletion on its dialog: the table, and all that is known of the current one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from tui.dialogs.deletion_words import by_hand_for, notes_for
from tui.grid.target_columns import way_back
from tui.grid.targets import Targets, target_content

if TYPE_CHECKING:
    from datetime import datetime

    from actions.deletion.plan import Plan
    from queries.estate.rows import DeploymentRow


class TargetsView:
    """What the dialog holds to show its targets."""

    def __init__(self, dialog: Screen[Any]) -> None:
        """Nothing is looked for before the dialog is on screen."""
        self._dialog = dialog

    @staticmethod
    def compose() -> ComposeResult:
        """The table, and the pane under it."""
        yield Targets(id="targets")
        with VerticalScroll(id="target", can_focus=False):
            yield Static(id="target-text", markup=False)

    @property
    def table(self) -> Targets:
        """The table of targets."""
        return self._dialog.query_one("#targets", Targets)

    @property
    def _pane(self) -> VerticalScroll:
        return self._dialog.query_one("#target", VerticalScroll)

    def describe(self, plan: Plan | None, remarks: dict[str, list[str]], now: datetime) -> None:
        """Show all that is known of the target under the cursor."""
        line = self.table.current
        if line is None:
            return
        notes = [*notes_for(line.row, plan), *remarks.get(line.key, ())]
        width = self._pane.scrollable_content_region.width
        content = target_content(line, notes, by_hand_for(line.row, plan), now, width)
        self._dialog.query_one("#target-text", Static).update(content)

    def marked_of(self, rows: Iterable[DeploymentRow]) -> list[DeploymentRow]:
        """Those that were not taken out, in their order."""
        marked = {line.key for line in self.table.marked}
        return [row for row in rows if row.deployment_key in marked]

    def open(self, *, is_settled: bool) -> None:
        """Before any is shown; `is_settled`: none can be taken out."""
        self.table.keep_slim(True)
        self.table.is_settled = is_settled

    def settle(self) -> None:
        """No mark can be set any more; beside a stage or an outcome its sign would mislead."""
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

    @property
    def way_back(self) -> str | None:
        """The command that brings the target under the cursor back; None where it is not gone."""
        line = self.table.current
        return way_back(line.planned) if line is not None and line.planned else None
