"""What the data shown lacks: each thing that could not be read, and what Azure said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.untrusted import harmless

if TYPE_CHECKING:
    from queries.rows import HoleRow


class Holes(ModalScreen[None]):
    """Closes with escape, `H` or `q`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,H,q", "dismiss", "close")]

    def __init__(self, holes: Sequence[HoleRow]) -> None:
        """Keep what to tell."""
        super().__init__()
        self._holes = holes

    def compose(self) -> ComposeResult:
        """One scrolling sheet."""
        with VerticalScroll(classes="dialog"):
            yield Static(self._told(), markup=False)

    def _told(self) -> Content:
        if not self._holes:
            return Content("Everything could be read.\n\nesc closes this")
        parts: list[tuple[str, str]] = [("What could not be read\n", "bold")]
        for hole in self._holes:
            parts.append((f"\n✗ {harmless(hole.source)}: {harmless(hole.code)}\n", "$text-warning"))
            parts.append((f"  {harmless(hole.scope)}\n", ""))
            parts.append((f"  {harmless(hole.message)}\n", "$text-muted"))
        parts.append(("\n`mothball doctor` tells which role is missing.   esc closes this", ""))
        return Content.assemble(*parts)
