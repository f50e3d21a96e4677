"""The dialog that keeps what is shown as a view of the user's, or removes one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.views.preferences import SavedView
from tui.views.saved_views import DIGITS, view_on
from tui.words.untrusted import harmless


@dataclass(frozen=True, slots=True)
class Kept:
    """The view that was meant, and whether it is to go."""

    view: SavedView
    is_removed: bool = False


class KeepView(ModalScreen[Kept | None]):
    """A name and a digit; enter keeps, escape leaves all as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "leave"),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, shown: SavedView, views: Sequence[SavedView], own: Collection[str]) -> None:
        """`shown` is what would be kept, `own` the names of views that can be removed."""
        super().__init__()
        self._shown = shown
        self._views = views
        self._own = {name.casefold() for name in own}

    def compose(self) -> ComposeResult:
        """What is kept, its name and digit, and what lies on the digits."""
        with Vertical(classes="dialog"):
            yield Static("Keep this view", classes="dialog-title", markup=False)
            yield Static(self._description(), id="view-text", markup=False)
            yield Static("Name", markup=False)
            yield Input(self._shown.name, id="view-name", compact=True)
            yield Static("Key from 1 to 9, or nothing", markup=False)
            yield Input(id="view-key", compact=True, max_length=1, restrict="[1-9]?")
            yield Static(self._shelf(), id="view-shelf", markup=False)
            yield Static(id="view-note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Leave", id="leave", compact=True)
                yield Button("Remove", id="remove", compact=True)
                yield Button("Keep", id="keep", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Start with the name."""
        self.query_one("#view-name", Input).focus()
        self.update_note()

    @on(Input.Changed)
    def update_note(self) -> None:
        """Say what the name and the digit would take the place of."""
        name, digit = self._typed
        self.query_one("#remove", Button).disabled = name.casefold() not in self._own
        other = view_on(self._views, digit) if digit is not None else None
        note = ""
        if any(view.name.casefold() == name.casefold() for view in self._views):
            note = "takes the place of the view of that name"
        elif other is not None:
            note = f"takes {digit} from {harmless(other.name)!r}, which keeps its name"
        self.query_one("#view-note", Static).update(note)

    @on(Input.Submitted)
    def keep(self) -> None:
        """Keep it, if it has a name."""
        name, digit = self._typed
        if not name:
            self.query_one("#view-note", Static).update("✗ a view needs a name")
            return
        self.dismiss(Kept(replace(self._shown, name=name, key=digit)))

    @on(Button.Pressed)
    def answer(self, message: Button.Pressed) -> None:
        """Do what the button says."""
        if message.button.id == "keep":
            self.keep()
        elif message.button.id == "remove":
            self.dismiss(Kept(replace(self._shown, name=self._typed[0]), is_removed=True))
        else:
            self.dismiss(None)

    @property
    def _typed(self) -> tuple[str, int | None]:
        digit = self.query_one("#view-key", Input).value
        return self.query_one("#view-name", Input).value.strip(), int(digit) if digit else None

    def _description(self) -> Content:
        view = self._shown
        columns = "as at first" if view.columns is None else ", ".join(view.columns)
        lines = [
            ("filter   ", harmless(view.filter) or "none"),
            ("order    ", order_of(view)),
            ("group    ", view.group or "none"),
            ("columns  ", columns),
        ]
        parts = [part for name, text in lines for part in ((name, "$text-muted"), f"{text}\n")]
        return Content.assemble(*parts)

    def _shelf(self) -> Content:
        on_keys = [(digit, view_on(self._views, digit)) for digit in DIGITS]
        parts = [f"{digit} {harmless(view.name)}" for digit, view in on_keys if view is not None]
        return Content.styled("   ".join(parts), "$text-muted")


def order_of(view: SavedView) -> str:
    """What it sorts by, and by what then: `owner, then run_rate from the largest down`."""
    keys = [(view.sort, view.descending), (view.then, view.then_descending)]
    down = " from the largest down"
    return ", then ".join(f"{name}{down if falls else ''}" for name, falls in keys if name)
