"""The dialog that asks for a cloud profile."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.state.exit_request import ExitRequest
from tui.words.untrusted import harmless

ABOUT = (
    "AzureUSGovernment or AzureChinaCloud, or the path of a TOML file that names the addresses\n"
    "of a cloud (resource_manager, authority, metrics, …). docs/tenant.md shows one.\n"
    "Start with `mothball --cloud …` the next time."
)


class ChooseProfile(ModalScreen[ExitRequest | None]):
    """Dismissed with the request for that cloud; escape leaves all as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "leave")]

    def compose(self) -> ComposeResult:
        """What may be written, and where."""
        with Vertical(classes="dialog"):
            yield Static("Take another cloud", classes="dialog-title", markup=False)
            yield Static(ABOUT, classes="hint", markup=False)
            yield Input(placeholder="~/contoso.toml", id="profile", compact=True)
            yield Static(id="profile-note", markup=False)
            yield Static("enter takes it   esc leaves", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def take(self, message: Input.Submitted) -> None:
        """Take it where it can be one; whether it is, the front door says."""
        typed = message.value.strip()
        is_path = "/" in typed or typed.endswith(".toml")
        if not typed or (is_path and not Path(typed).expanduser().is_file()):
            text = (
                f"✗ there is no file {harmless(typed)!r}" if typed else "✗ write a name or a path"
            )
            self.query_one("#profile-note", Static).update(text)
            return
        self.dismiss(ExitRequest(typed))
