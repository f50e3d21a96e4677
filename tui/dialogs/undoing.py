"""The undo dialog: the last write of tags to each target, taken back where Azure has it still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui.dialogs.tag_writes import TagWrites
from tui.dialogs.write_targets import Foreseen

if TYPE_CHECKING:
    from actions.tags.undo import LiveState, UndoneTag
    from queries.estate.rows import DeploymentRow
    from queries.store.journal import Entry

HINT = "back to what it was before; every other tag stays as it is in Azure"
NOTHING = "the journal has no write of tags to it that could be undone"


@dataclass(frozen=True, slots=True)
class UndoReason:
    """Why it is undone; None: nothing was typed."""

    text: str | None


class Undoing(TagWrites[UndoReason]):
    """Reads what Azure has now, and shows what the undo would make of it."""

    TITLE_WORD = "Undo what was written to"
    BUTTON = "Write it back to Azure"

    def __init__(
        self,
        targets: Sequence[DeploymentRow],
        hidden_keys: frozenset[str],
        entries: Mapping[str, Entry] | None = None,
    ) -> None:
        """Undo these entries of the journal, by key; None: the newest of each target."""
        super().__init__(targets, hidden_keys)
        self._entries = entries
        self._states: dict[str, LiveState | str] = {}

    def compose_fields(self) -> ComposeResult:
        """The reason."""
        yield Static(HINT, classes="hint", markup=False)
        yield Input(id="reason", placeholder="reason, kept in the journal", compact=True)

    @on(Input.Changed)
    def judge_fields(self) -> None:
        """A reason may let through what is refused without one."""
        self.judge()

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Enter goes to the next field, and never writes."""
        self.focus_next()

    def prepare(self) -> None:
        """Read the journal, and then what Azure has of each target."""
        from actions.tags.undo import last_writes
        from queries.store.journal import entries

        if self._entries is None:
            keys = [row.deployment_key for row in self.targets]
            self._entries = last_writes(entries(self.app.session.store), keys)
        for row in self.targets:
            entry = self._entries.get(row.deployment_key)
            if entry is not None and not self._is_stop_wanted.is_set():
                self._states[row.deployment_key] = self._state_of(row, entry)

    def _state_of(self, row: DeploymentRow, entry: Entry) -> LiveState | str:
        """What Azure has now; or in one line why that could not be read."""
        from actions.tags.undo import live_state
        from collectors.connection.errors import AzureFailure
        from tui.state.failures import failure_line

        try:
            with self.app.session.reader() as reader:
                return live_state(self.app.session, reader, row, entry)
        except AzureFailure as failure:
            return failure_line(failure)

    def read_change(self) -> UndoReason:
        """Why."""
        return UndoReason(self.query_one("#reason", Input).value.strip() or None)

    def foresee(self, row: DeploymentRow, change: UndoReason) -> Foreseen:
        """Before and after, by the tags as Azure has them now."""
        from actions.tags.undo import objection, undone_tags

        entry = (self._entries or {}).get(row.deployment_key)
        if entry is None:
            return Foreseen(NOTHING, is_left=True)
        state = self._states[row.deployment_key]
        if isinstance(state, str):
            return Foreseen(state, is_left=True)
        why = objection(self.app.session, row, entry, state, change.text)
        if why is not None:
            return Foreseen(f"{why} ({named(entry)})", is_left=True)
        steps = ", ".join(map(step_words, undone_tags(entry)))
        return Foreseen(f"{steps} ({named(entry)})")

    def tags_known(self, row: DeploymentRow) -> Mapping[str, str]:
        """Those that Azure has now, once they are read."""
        state = self._states.get(row.deployment_key)
        return row.tags if state is None or isinstance(state, str) else state.tags

    def write(self, row: DeploymentRow, change: UndoReason) -> Mapping[str, str]:
        """Undo it, if Azure's tags are still as they were written."""
        from actions.tags.undo import undo_write

        assert self._entries is not None
        entry = self._entries[row.deployment_key]
        return undo_write(self.app.session, row, entry, change.text)


def named(entry: Entry) -> str:
    """Which entry: `entry 57, tag of 2026-11-23 17:54 UTC`."""
    return f"entry {entry.sequence}, {entry.action} of {entry.at:%Y-%m-%d %H:%M} UTC"


def step_words(step: UndoneTag) -> str:
    """A tag before and after: `owner=ada → no owner`."""
    now, then = (
        f"no {step.name}" if value is None else f"{step.name}={value}"
        for value in (step.now, step.then)
    )
    return f"{now} → {then}"
