"""What is shown of the store: the present, or an old snapshot that a person stepped to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from queries.filter import FIELDS, texts_of
from tui.grid.columns import ranks_by
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.state.estate import Estate, read_estate
from tui.state.failures import report_failures_to
from tui.state.messages import EstateRead, FirstRead, NothingBefore, PastRead, Work
from tui.state.preload import freeze_once
from tui.state.workers import in_thread

if TYPE_CHECKING:
    from actions.session import Session
    from tui.state.interface import Interface
    from tui.state.preload import FirstAnswer


class Present:
    """Reads for an app, whose `estate` is what is shown; places follow that.

    While an old snapshot is shown, what is current is kept here. `_asked` is the number of the
    newest question for an old snapshot: whatever answers an earlier one comes too late.
    """

    def __init__(self, app: Interface, first: FirstAnswer) -> None:
        """Nothing is read yet; `first` waits for the first screenful."""
        self._app = app
        self._first = first
        self._kept: Estate | None = None
        self._asked = 0
        self._steps = 0

    def read_first(self) -> None:
        """Read what fits on a screen, unless that was done ahead; the rest follows it."""
        in_thread(self._app, self._read_first, "store")

    def show_first(self, message: FirstRead) -> None:
        """Show it, and read on once it is on screen."""
        if message.estate is not None and self._app.estate is None:
            self._app.is_reading = not message.estate.is_whole
            self._app.estate = message.estate
        self._app.call_after_refresh(self.read)

    def read(self) -> None:
        """Read all that is current."""
        in_thread(self._app, self._read, "store")

    def show(self, message: EstateRead) -> None:
        """Hand what was read to the places."""
        is_past = self._app.estate is not None and self._app.estate.past is not None
        current = self._kept if is_past else self._app.estate
        estate = message.estate and message.estate.after(current)
        self._app.store_failure = None
        self._app.is_reading = estate is not None and not estate.is_whole
        if is_past:
            self._kept = estate
        else:
            before, self._app.estate = self._app.estate, estate
            if before is not None and estate is not None:
                before.rows.forget()
        if estate is not None:
            self._app.call_after_refresh(freeze_once)
            self._app.call_after_refresh(in_thread, self._app, self._prepare, "prepare")

    def step(self, older: int) -> None:
        """Show an older snapshot, or with a number below 0 a newer one; several steps add up."""
        self._steps += older
        past = self._app.estate.past if self._app.estate is not None else None
        self._ask(None if past is None else past.snapshot_id, self._steps)

    def show_snapshot(self, snapshot_id: str) -> None:
        """Show one old snapshot."""
        self._ask(snapshot_id, 0)

    def come_back(self) -> bool:
        """Show what is current again; False where it is shown already."""
        if self._app.estate is None or self._app.estate.past is None:
            return False
        self._asked += 1
        self._steps = 0
        self._app.estate, self._kept = self._kept, None
        return True

    def show_past(self, message: PastRead) -> None:
        """Show it, unless another was asked for since."""
        if message.number != self._asked:
            return
        self._steps = 0
        if message.estate is None:
            self.come_back()
        elif self._app.estate is not None:
            if self._app.estate.past is None:
                self._kept = self._app.estate
            self._app.estate = message.estate

    def stay(self, message: NothingBefore) -> None:
        """Say that it goes no further."""
        self._steps = 0
        self._app.notify(message.text, severity="warning", markup=False)

    def _ask(self, shown: str | None, older: int) -> None:
        self._asked += 1
        in_thread(self._app, partial(self._read_past, self._asked, shown, older), "past")

    def _prepare(self) -> None:
        # Of what is shown, and not of what it was called for: Textual keeps what a worker was
        # given until the next search for garbage, and that would be all rows.
        if self._app.estate is not None:
            rows = self._app.estate.rows
            texts_of(rows)
            for column in DEPLOYMENT_COLUMNS:
                if column.is_default:
                    ranks_by(rows, column)
                    if column.total is not None:
                        rows.evaluated(column.total.of_row, column.total.reads)
            for field in FIELDS:
                if len(field.reads) > 1:
                    rows.evaluated(field.read, field.reads)

    def _read_first(self) -> None:
        with report_failures_to(self._app, Work.STORE):
            self._app.post_message(FirstRead(self._first()))

    def _read(self) -> None:
        with report_failures_to(self._app, Work.STORE):
            session = self._app.session
            mark, writes = session.store.mark_of_change(), session.store.writes
            self._app.post_message(EstateRead(read_estate_or_none(session), mark, writes))

    def _read_past(self, number: int, shown: str | None, older: int) -> None:
        with report_failures_to(self._app, Work.PAST):
            from tui.state.past import NothingOlder, read_neighbour

            try:
                estate = read_neighbour(self._app.session.store, shown, older)
            except NothingOlder as end:
                self._app.post_message(NothingBefore(str(end)))
            else:
                self._app.post_message(PastRead(number, estate))


def read_estate_or_none(session: Session) -> Estate | None:
    """The estate; None where there is no store, or none with a snapshot."""
    from queries.store.file import NoStore

    try:
        return read_estate(session.store)
    except NoStore:
        return None
