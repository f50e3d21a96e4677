"""The extend dialog: an exemption from retirement with an end and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from queries.text.typed import date_from
from tui.dialogs.tag_writes import TagWrites
from tui.dialogs.write_targets import Foreseen

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow


@dataclass(frozen=True, slots=True)
class Extension:
    """The last day of an exemption, and why."""

    until: date
    reason: str


class Extending(TagWrites[Extension]):
    """Both have to be typed: there is no exemption without an end or a reason."""

    TITLE_WORD = "Extend"
    BUTTON = "Write the exemption to Azure"
    FIRST = "#until"

    def compose_fields(self) -> ComposeResult:
        """The day and the reason."""
        yield Static("exempt from retirement until", classes="hint", markup=False)
        yield Input(id="until", placeholder="last day, such as 2027-01-31", compact=True)
        yield Input(id="reason", placeholder="reason, kept in the journal", compact=True)

    @on(Input.Changed)
    def judge_fields(self) -> None:
        """Say what they would do."""
        self.judge()

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Enter goes to the next field, and never writes."""
        self.focus_next()

    def read_change(self) -> Extension:
        """What the fields mean."""
        from actions.tags.extend import objection

        typed = self.query_one("#until", Input).value
        if not typed.strip():
            raise ValueError("say until which day")
        until = date_from(typed)
        reason = self.query_one("#reason", Input).value.strip()
        if why := objection(self.app.session, until, reason):
            raise ValueError(why)
        return Extension(until, reason)

    def foresee(self, row: DeploymentRow, change: Extension) -> Foreseen:
        """What will be written on every target."""
        from actions.tags.extend import exemption

        tags = exemption(self.app.session, change.until)
        return Foreseen("set " + ", ".join(f"{name}={value}" for name, value in tags.items()))

    def write(self, row: DeploymentRow, change: Extension) -> Mapping[str, str]:
        """Exempt it."""
        from actions.tags.extend import extend

        return extend(self.app.session, row, change.until, change.reason)

    def prepare(self) -> None:
        """Load the rules."""
        import actions.tags.extend  # noqa: F401 - only to be there when it is needed
