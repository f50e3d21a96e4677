"""What a first start shows: there is nothing yet, and three ways to get something."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.grid.grid import Grid
from tui.state.exit_request import ExitRequest
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.state.interface import Interface

SIGN_IN, DEMO, PROFILE = "sign-in", "demo", "profile"
_CHOICES = (
    (SIGN_IN, "Sign in", "and read all that you may, by `az login` or AZURE_CLIENT_ID"),
    (DEMO, "Look at a demo", "a sample tenant on this machine; no account, nothing of yours"),
    (PROFILE, "Take another cloud", "by a profile: a TOML file with the addresses of the cloud"),
)


class Welcome(VerticalScroll, can_focus=False):
    """Three choices; enter, a click or their digit takes one."""

    app: Interface

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"choose({number - 1})", show=False)
        for number in range(1, len(_CHOICES) + 1)
    ]

    def compose(self) -> ComposeResult:
        """What this is, the choices, and where the store would be."""
        yield Static(id="welcome-head", markup=False)
        yield OptionList(
            *(Option(_line(n, *words), id=id) for n, (id, *words) in enumerate(_CHOICES, 1)),
            id="welcome-choices",
        )
        yield Static(self._foot(), id="welcome-foot", markup=False)

    def on_mount(self) -> None:
        """Follow what there is, and a first snapshot."""
        for name in ("estate", "is_reading", "snapshot_progress", "store_failure"):
            self.watch(self.app, name, self.update_head)

    def update_head(self) -> None:
        """Say how it stands; take the keys while there is nothing else."""
        is_first = self.app.snapshot_progress is not None
        failure = self.app.store_failure
        if is_first:
            head, about = "The first snapshot is being taken", _WHILE_FIRST
        elif failure is not None:
            head, about = "The store cannot be read", harmless(failure)
        else:
            head, about = "No snapshot yet", _ABOUT
        content = Content.assemble((f"{head}\n\n", "bold"), about)
        self.query_one("#welcome-head", Static).update(content)
        choices = self.query_one(OptionList)
        choices.display = not is_first
        if self.app.estate is None and not self.app.is_reading and not is_first:
            choices.focus()
        elif self.app.estate is not None:
            self.call_after_refresh(self._leave_to_table)

    def _leave_to_table(self) -> None:
        """Give the keys to the table, unless somebody who types had them meanwhile."""
        if self.screen.focused in (None, self.query_one(OptionList)):
            self.screen.set_focus(self.screen.query_one(Grid))

    @on(OptionList.OptionSelected)
    def choose_option(self, message: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        message.stop()
        self._do(message.option_id)

    def action_choose(self, place: int) -> None:
        """Do what lies on a digit."""
        self._do(_CHOICES[place][0])

    def _do(self, choice: str | None) -> None:
        if choice == DEMO:
            self.app.leave_for(ExitRequest())
        elif choice == PROFILE:
            from tui.dialogs.profile import ChooseProfile

            self.app.push_screen(ChooseProfile(), self.app.leave_for)
        elif choice == SIGN_IN:
            from tui.dialogs.signing_in import SigningIn

            self.app.push_screen(SigningIn(), self._signed_in)

    def _signed_in(self, wants_snapshot: bool | None) -> None:
        if wants_snapshot:
            self.app.take_snapshot()

    def _foot(self) -> Content:
        cloud = harmless(self.app.session.cloud.name)
        store = harmless(str(self.app.session.store.path))
        return Content.assemble(
            ("D", "bold $text-accent"),
            f"  asks {cloud} what answers, and says how to fix the rest\n",
            ("q", "bold $text-accent"),
            "  leaves\n\n",
            (f"store: {store}", "$text-muted"),
        )


_WHILE_FIRST = "The table opens by itself when it is done; X stops it."
_ABOUT = (
    "Mothball finds Azure ML deployments that cost money and serve nobody.\n"
    "It only reads until you confirm a plan."
)


def _line(number: int, title: str, about: str) -> Content:
    return Content.assemble((f"{number}  {title}\n", "bold"), (f"   {about}", "$text-muted"))
