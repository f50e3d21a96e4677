"""The retire dialog: marks for deletion after a grace, or takes the mark away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Input, Static

from queries.text.typed import days_from
from tui.dialogs.tag_writes import TagWrites
from tui.dialogs.write_targets import Foreseen
from tui.widgets.tick import Tick

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow


@dataclass(frozen=True, slots=True)
class Retirement:
    """How long the grace is and why; or that the mark is to be taken away."""

    grace_days: int
    reason: str | None
    replaces_role: bool
    undoes: bool


class Retiring(TagWrites[Retirement]):
    """With the settings' grace filled in, so that nothing has to be typed."""

    TITLE_WORD = "Retire"
    BUTTON = "Write the mark to Azure"

    def compose_fields(self) -> ComposeResult:
        """The grace, the reason, and two choices."""
        least = self.app.session.limits.grace_days
        yield Static(f"grace (shorter than {least}d needs a reason)", classes="hint", markup=False)
        yield Input(f"{least}d", id="grace", compact=True)
        yield Input(id="reason", placeholder="reason, kept in the journal", compact=True)
        with Horizontal(classes="ticks"):
            yield Tick("replace another role", id="replace", compact=True)
            yield Tick("undo: take the mark away", id="undo", compact=True)

    @on(Input.Changed)
    @on(Tick.Changed)
    def judge_fields(self) -> None:
        """Say what they would do."""
        undoes = self.query_one("#undo", Tick).value
        for each in ("#grace", "#reason", "#replace"):
            self.query_one(each).disabled = undoes
        label = "Take the mark away in Azure" if undoes else self.BUTTON
        button = self.query_one("#apply", Button)
        button.label = label
        button.refresh(layout=True)
        self.judge()

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Enter goes to the next field, and never writes."""
        self.focus_next()

    def read_change(self) -> Retirement:
        """What the fields mean."""
        undoes = self.query_one("#undo", Tick).value
        return Retirement(
            grace_days=0 if undoes else days_from(self.query_one("#grace", Input).value),
            reason=self.query_one("#reason", Input).value.strip() or None,
            replaces_role=self.query_one("#replace", Tick).value,
            undoes=undoes,
        )

    def foresee(self, row: DeploymentRow, change: Retirement) -> Foreseen:
        """By the same rules as the command's, on the tags as the snapshot saw them."""
        from actions.tags.retire import (
            contradiction,
            foreign_role,
            is_mark,
            mark,
            moved_grace,
            objection,
        )

        session = self.app.session
        if change.undoes:
            known = [name for name, value in row.tags.items() if is_mark(session, name, value)]
            if not known:
                return Foreseen("no mark is known of it", is_left=True)
            return Foreseen(f"remove {', '.join(known)}")
        why = objection(session, row, change.grace_days, change.reason)
        if why is None and not change.replaces_role:
            why = contradiction(foreign_role(session, row.tags))
        if why is not None:
            return Foreseen(why, is_left=True)
        marks = mark(session, change.grace_days)
        words = "set " + ", ".join(f"{name}={value}" for name, value in marks.items())
        moved = moved_grace(session, row, change.grace_days)
        return Foreseen(f"{words}; {moved}" if moved else words)

    def write(self, row: DeploymentRow, change: Retirement) -> Mapping[str, str]:
        """Mark it, or take the mark away."""
        from actions.tags.retire import retire, undo

        if change.undoes:
            return undo(self.app.session, row)
        return retire(
            self.app.session,
            row,
            change.grace_days,
            change.reason,
            replace_role=change.replaces_role,
        )

    def prepare(self) -> None:
        """Load the rules."""
        import actions.tags.retire  # noqa: F401 - only to be there when it is needed
