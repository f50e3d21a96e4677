"""A pane beside a table; where it fills the screen it has the keyboard, and scrolls by its keys."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.keys.registry import action_of

_SCROLLS = {
    "cursor_up": "up",
    "cursor_down": "down",
    "page_up": "page_up",
    "page_down": "page_down",
    "first": "home",
    "last": "end",
}
SCROLL_IDS = ("cursor_up", "cursor_down", "page_up", "page_down")
"""The actions of the table by whose keys a pane scrolls, as the bottom line names them."""


class SidePane(VerticalScroll, can_focus=False):
    """Scrolls by the keys that move in the table, and closes by the one that opened it.

    Its place lets it be focused (`can_focus`) only while it stands where the table was.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(action_of(id).key, f"scroll('{way}')", show=False, id=id)
            for id, way in _SCROLLS.items()
        ),
        Binding(action_of("open_row").key, "screen.show_table", show=False, id="open_row"),
    ]

    def action_scroll(self, way: str) -> None:
        """Move the text at once."""
        getattr(self, f"scroll_{way}")(animate=False)
