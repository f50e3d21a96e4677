"""The dialog that signs in, says as whom, and offers `az login` where that fails."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.state.failures import report_failures_to
from tui.state.messages import PersonKnown, Work, WorkFailed
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.state.interface import Interface


class SigningIn(ModalScreen[bool]):
    """Dismissed with True where a snapshot is wanted. Nothing is read before that."""

    app: Interface

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "leave"),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def compose(self) -> ComposeResult:
        """How it stands, and what can be done."""
        with Vertical(classes="dialog"):
            yield Static("Sign in", classes="dialog-title", markup=False)
            yield Static(id="sign-in-text", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Leave", id="leave", compact=True)
                yield Button("Run az login", id="az", compact=True)
                yield Button("Try again", id="again", compact=True)
                yield Button("Take a snapshot", id="take", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Ask at once."""
        self._begin()

    def on_person_known(self, message: PersonKnown) -> None:
        """Say who it is; the snapshot is one key away."""
        message.stop()
        name = harmless(message.name or "somebody whom the token does not name")
        cloud = harmless(self.app.session.cloud.name)
        self._show_text(
            f"✓ signed in to {cloud} as {name}.\n\nA snapshot reads all that may be read."
        )
        self.query_one("#take", Button).display = True
        self.query_one("#take", Button).focus()

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say why, and what can be done."""
        message.stop()
        self._show_text(f"✗ {message.text}")
        self.query_one("#again", Button).display = True
        self.query_one("#az", Button).display = self._has_az
        self.query_one("#again", Button).focus()

    @on(Button.Pressed)
    def answer(self, message: Button.Pressed) -> None:
        """Do what the button says."""
        if message.button.id == "again":
            self._begin()
        elif message.button.id == "az":
            self._run_az()
        else:
            self.dismiss(message.button.id == "take")

    @property
    def _has_az(self) -> bool:
        return shutil.which("az") is not None and not self.app.session.cloud.custom

    def _begin(self) -> None:
        self._show_text("asking … (a browser or `az` may take some seconds)")
        for name in ("az", "again", "take"):
            self.query_one(f"#{name}", Button).display = False
        self.query_one("#leave", Button).focus()
        self._ask()

    def _show_text(self, text: str) -> None:
        self.query_one("#sign-in-text", Static).update(text)

    def _run_az(self) -> None:
        try:
            with self.app.suspend():
                subprocess.run(["az", "login"], check=False)
        except SuspendNotSupported:
            self._show_text("✗ this terminal cannot be lent out: leave with q and run `az login`")
            return
        self._begin()

    @work(thread=True, exclusive=True, exit_on_error=False, group="person")
    def _ask(self) -> None:
        with report_failures_to(self, Work.SIGN_IN):
            from collectors.connection.identity import who_is

            session = self.app.session
            self.post_message(PersonKnown(who_is(session.sign_in(), session.cloud).name))
