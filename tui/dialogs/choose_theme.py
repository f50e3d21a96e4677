"""The dialog of themes: each is tried as it is walked over, enter keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.words.themes import OFFERS, Offer

if TYPE_CHECKING:
    from tui.state.interface import Interface

NOTE = "NO_COLOR=1 leaves all colours out. Nothing is shown by colour alone."
KEYS = "↑ ↓ try   enter takes   esc leaves it as it was"


class ChooseTheme(ModalScreen[str | None]):
    """Dismissed with the name of a theme, or None with the old one back."""

    app: Interface

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave"),
        Binding("j", "step(1)", show=False),
        Binding("k", "step(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """The list, and its keys."""
        self._before = self.app.theme
        with Vertical(classes="dialog small"):
            yield Static("Theme", classes="dialog-title", markup=False)
            yield OptionList(*(Option(_label(each), id=each.name) for each in self._offers))
            yield Static(NOTE, classes="hint", markup=False)
            yield Static(KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start with the one that is on."""
        names = [each.name for each in self._offers]
        listed = self.query_one(OptionList)
        listed.highlighted = names.index(self._before)
        listed.focus()

    @on(OptionList.OptionHighlighted)
    def try_it(self, message: OptionList.OptionHighlighted) -> None:
        """Show what it looks like."""
        if message.option_id is not None:
            self.app.theme = message.option_id

    @on(OptionList.OptionSelected)
    def take(self, message: OptionList.OptionSelected) -> None:
        """Keep it."""
        self.dismiss(message.option_id)

    def action_leave(self) -> None:
        """As it was."""
        self.app.theme = self._before
        self.dismiss(None)

    def action_step(self, by: int) -> None:
        """Go down or up."""
        listed = self.query_one(OptionList)
        (listed.action_cursor_down if by > 0 else listed.action_cursor_up)()

    @property
    def _offers(self) -> list[Offer]:
        """Ours first, then those of Textual."""
        ours = {each.name for each in OFFERS}
        others = sorted(name for name in self.app.available_themes if name not in ours)
        return [*OFFERS, *(Offer(name, name) for name in others)]


def _label(offer: Offer) -> str:
    return offer.title
