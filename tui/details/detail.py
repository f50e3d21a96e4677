"""All that is known of the row under the cursor, in sections that one scrolls through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.details.parts import MUTED, STRONG, lines, signed
from tui.details.side_pane import SidePane
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, Rendering

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow
    from tui.state.estate import Details


class Detail(SidePane, can_focus=False):
    """The detail pane: what the row says at once, and the evidence when it has been read.

    What it shows is kept as a question of the width, so that a pane that is resized, or opened
    later, breaks its lines and draws its charts anew.
    """

    _row: DeploymentRow | None = None
    _rendering: Rendering = staticmethod(lambda _width: [])

    def compose(self) -> ComposeResult:
        """One text, so that it can be selected as a whole."""
        yield Static(id="detail-text", markup=False)

    def show_row(self, row: DeploymentRow | None) -> None:
        """Show what the row itself says; the evidence says that it is being read."""
        self._row = row
        self.scroll_home(animate=False)
        if row is None:
            self._render_body(lambda _width: [("no deployment is selected", MUTED)])
        else:
            self._show_parts([("\nreading the evidence …\n", MUTED)])

    def show_group(self, name: str, texts: Sequence[str]) -> None:
        """Show what a group of deployments comes to."""
        self.show_row(None)
        self._render_body(lambda width: [(f"{harmless(name)}\n", STRONG), *lines(texts, width)])

    def show_details(self, details: Details, now: datetime) -> None:
        """Show what was read for the row."""
        from tui.details.whole import whole

        row = self._row
        if row is not None:
            self._render_body(lambda width: whole(row, details, now, width))

    def show_failure(self, text: str) -> None:
        """Say in the place of the evidence why there is none."""
        self._show_parts([("\n", ""), *signed("✗", text, self._width, "$text-error")])

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._render_body(self._rendering)

    def _show_parts(self, instead: Parts) -> None:
        from tui.details.whole import before_reading

        row = self._row
        if row is not None:
            self._render_body(lambda width: before_reading(row, instead, width))

    def _render_body(self, rendering: Rendering) -> None:
        self._rendering = rendering
        self.query_one("#detail-text", Static).update(Content.assemble(*rendering(self._width)))

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width
