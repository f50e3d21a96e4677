"""Overrides one check of a plan, with a reason that goes into the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.words.untrusted import harmless
from tui.words.verdicts import STATE_SYMBOLS

if TYPE_CHECKING:
    from actions.deletion.plan import Plan
    from actions.states import CheckState

HINT = (
    "One check at a time; the reason is journalled with your name. One that passes so far is"
    " overridden only if the guard finds otherwise."
)


class Overriding(ModalScreen[tuple[str, str] | None]):
    """Dismissed with a check and the reason; only what may be overridden is offered."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close")]

    def __init__(self, plan: Plan) -> None:
        """Offer the checks of this plan, those that stand in the way first."""
        super().__init__()
        self._states = overridable(plan)
        self._names = sorted(self._states, key=lambda name: self._states[name] == "pass")

    def compose(self) -> ComposeResult:
        """The checks, the reason, the buttons."""
        with Vertical(classes="dialog"):
            yield Static("Override a check", classes="dialog-title", markup=False)
            yield Static(HINT, classes="hint", markup=False)
            yield OptionList(*map(self._option, self._names), id="checks", compact=True)
            yield Input(id="reason", placeholder="why it may be deleted all the same", compact=True)
            yield Static(id="override-note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Override", id="apply", variant="warning", compact=True, disabled=True)

    def on_mount(self) -> None:
        """Choose first."""
        checks = self.query_one(OptionList)
        checks.highlighted = 0 if self._names else None
        checks.focus()
        self._judge()

    @on(OptionList.OptionHighlighted)
    @on(Input.Changed)
    def judge(self) -> None:
        """Say what would happen."""
        self._judge()

    @on(OptionList.OptionSelected)
    def go_to_reason(self) -> None:
        """A chosen check asks for its reason."""
        self.query_one("#reason", Input).focus()

    @on(Input.Submitted)
    def go_to_button(self) -> None:
        """Enter in the reason leads to the button."""
        if self._reason:
            self.query_one("#apply", Button).focus()

    @on(Button.Pressed, "#cancel")
    def cancel(self) -> None:
        """Leave the plan as it is."""
        self.dismiss(None)

    @on(Button.Pressed, "#apply")
    def apply(self) -> None:
        """Hand back the check and the reason."""
        if self._check is not None and self._reason:
            self.dismiss((self._check, self._reason))

    @property
    def _check(self) -> str | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None else self._names[place]

    @property
    def _reason(self) -> str:
        return self.query_one("#reason", Input).value.strip()

    def _judge(self) -> None:
        self.query_one("#apply", Button).disabled = self._check is None or not self._reason
        if self._check is None:
            text = "none of the checks of this plan can be overridden"
        elif not self._reason:
            text = f"{self._check}: an override needs a reason"
        else:
            text = f"{self._check} will not stand in the way: {harmless(self._reason)}"
        self.query_one("#override-note", Static).update(Content(text))

    def _option(self, name: str) -> Option:
        state = self._states[name]
        message = "passes so far" if state == "pass" else "stands in the way"
        text = Content.assemble(
            (f"{STATE_SYMBOLS[state]} {name:<14}", "bold"), (f"  {message}", "")
        )
        return Option(text, id=name)


def overridable(plan: Plan) -> dict[str, CheckState]:
    """The checks that may be overridden for every target, each with its worst state."""
    from actions.deletion.plan import may_override

    worst: dict[str, CheckState] = {}
    for target in plan.targets:
        for check in target.checks:
            if worst.get(check.check) != "fail" and check.state != "pass":
                worst[check.check] = check.state
            worst.setdefault(check.check, "pass")
    verdicts = {target.row.verdict for target in plan.targets}
    return {
        name: state
        for name, state in worst.items()
        if all(may_override(name, verdict) is None for verdict in verdicts)
    }
