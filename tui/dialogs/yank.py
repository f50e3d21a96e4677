"""The menu of what can be copied of a row: each with its key, and what would be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.words.untrusted import fitted
from tui.words.yanks import Yank

if TYPE_CHECKING:
    from tui.state.interface import Interface

HINT = "a key or enter copies   esc leaves"
_TITLE_WIDTH = 16
_SHOWN_WIDTH = 300


class YankMenu(ModalScreen[Yank | None]):
    """Dismissed with what was chosen."""

    app: Interface

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss(None)", "leave"),
        Binding("j", "step(1)", show=False),
        Binding("k", "step(-1)", show=False),
    ]

    def __init__(self, yanks: Sequence[Yank]) -> None:
        """Offer these, none of them on a key of the menu's own."""
        super().__init__()
        self._yanks = yanks

    def compose(self) -> ComposeResult:
        """The list, and its keys."""
        with Vertical(classes="dialog"):
            yield Static("Copy", classes="dialog-title", markup=False)
            yield OptionList(*map(_line, self._yanks), id="yanks")
            yield Static(HINT, classes="hint", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take what is on a key."""
        chosen = next((each for each in self._yanks if each.key == event.key), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def take(self, message: OptionList.OptionSelected) -> None:
        """Take what the cursor is on."""
        self.dismiss(self._yanks[message.option_index])

    def action_step(self, by: int) -> None:
        """Go down or up."""
        listed = self.query_one(OptionList)
        (listed.action_cursor_down if by > 0 else listed.action_cursor_up)()


def _line(yank: Yank) -> Option:
    shown = fitted(yank.text, _SHOWN_WIDTH).rstrip()
    key, title = f"{yank.key}  ", fitted(yank.title, _TITLE_WIDTH)
    content = Content.assemble((key, "bold $text-accent"), title, (shown, "$text-muted"))
    return Option(content, id=yank.key)
