"""The bottom line: the keys that matter here, those that cannot work now dim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.registry import ACTIONS, Action, Situation

if TYPE_CHECKING:
    from tui.app import MothballApp


class KeysBar(Static):
    """Reads the registry; a click is a press."""

    app: MothballApp

    class Pressed(Message):
        """A key of the bar was clicked."""

        def __init__(self, action_id: str) -> None:
            """Keep which."""
            super().__init__()
            self.action_id = action_id

    def tell(self, situation: Situation) -> None:
        """Write the keys, as they stand in this situation."""
        parts: list[tuple[str, str]] = []
        for action in _shown():
            key, name = self._words(action)
            dim = action.why_not(situation) is not None
            parts.append((key, "dim" if dim else "bold $text-accent"))
            parts.append((name, "dim strike" if dim else ""))
            parts.append((" ", ""))
        self.update(Content.assemble(*parts))

    def on_click(self, event: events.Click) -> None:
        """Find the key under the pointer."""
        edge = 0
        for action in _shown():
            edge += sum(map(cell_len, self._words(action))) + 1
            if event.x < edge:
                self.post_message(self.Pressed(action.id))
                return

    def _words(self, action: Action) -> tuple[str, str]:
        return f" {self.app.keys.shown(action)} ", f"{action.title.split(',')[0]} "


def _shown() -> list[Action]:
    return [action for action in ACTIONS if action.in_footer]
