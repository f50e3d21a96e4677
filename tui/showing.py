"""What is shown of the store: the present, or an old snapshot that a person stepped to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import App
from textual.reactive import reactive

from queries.estate.naming import Names
from tui.state.estate import Estate, read_estate
from tui.state.failures import told_to
from tui.state.messages import EstateRead, FirstRead, NothingBefore, PastRead, TagsReadBack, Work
from tui.state.preload import no_collections

if TYPE_CHECKING:
    from actions.session import Operator
    from tui.state.preload import Answer


class Showing(App[None]):
    """The part of the application that reads; places follow `estate`."""

    operator: Operator
    first: Answer
    estate: reactive[Estate | None] = reactive(None)
    is_reading: reactive[bool] = reactive(True)
    _present: Estate | None = None
    _wish = 0
    _steps = 0

    @property
    def names(self) -> Names:
        """How targets are told apart, among all that is shown."""
        return Names() if self.estate is None else self.estate.names

    @work(thread=True, exclusive=True, exit_on_error=False, group="store")
    def read_first(self) -> None:
        """Read what fits on a screen, unless that was done ahead; the rest follows it."""
        with told_to(self, Work.STORE):
            self.post_message(FirstRead(self.first()))

    def on_first_read(self, message: FirstRead) -> None:
        """Show it, and read on once it is on screen."""
        if message.estate is not None and self.estate is None:
            self.is_reading = not message.estate.is_whole
            self.estate = message.estate
        self.call_after_refresh(self.read_store)

    @work(thread=True, exclusive=True, exit_on_error=False, group="store")
    def read_store(self) -> None:
        """Read all that is current."""
        with told_to(self, Work.STORE):
            with no_collections():
                estate = read_estate_or_none(self.operator)
            self.post_message(EstateRead(estate))

    def on_estate_read(self, message: EstateRead) -> None:
        """Hand what was read to the places."""
        self.is_reading = message.estate is not None and not message.estate.is_whole
        if self.estate is not None and self.estate.past is not None:
            self._present = message.estate
        else:
            self.estate = message.estate
        if message.estate is not None:
            self.call_after_refresh(self._make_haystacks, message.estate)

    def step_in_time(self, older: int) -> None:
        """Show an older snapshot, or with a number below 0 a newer one; several steps add up."""
        self._steps += older
        self._wish += 1
        past = self.estate.past if self.estate is not None else None
        self._read_past(self._wish, past and past.snapshot_id, self._steps)

    def show_snapshot(self, snapshot_id: str) -> None:
        """Show one old snapshot."""
        self._wish += 1
        self._read_past(self._wish, snapshot_id, 0)

    def return_to_present(self) -> bool:
        """Show what is current again; False where it is shown already."""
        if self.estate is None or self.estate.past is None:
            return False
        self._wish += 1
        self._steps = 0
        self.estate, self._present = self._present, None
        return True

    def on_past_read(self, message: PastRead) -> None:
        """Show it, unless another was wished for since."""
        if message.number != self._wish:
            return
        self._steps = 0
        if message.estate is None:
            self.return_to_present()
        elif self.estate is not None:
            if self.estate.past is None:
                self._present = self.estate
            self.estate = message.estate

    def on_nothing_before(self, message: NothingBefore) -> None:
        """Say that it goes no further."""
        self._steps = 0
        self.notify(message.text, severity="warning", markup=False)

    def on_tags_read_back(self, message: TagsReadBack) -> None:
        """Show the tags as they are now; verdicts follow with the next snapshot."""
        if self.estate is not None:
            self.estate = self.estate.with_tags({message.deployment_key: message.tags})

    @work(thread=True, exclusive=True, exit_on_error=False, group="haystacks")
    def _make_haystacks(self, estate: Estate) -> None:
        estate.haystacks.fill()

    @work(thread=True, exclusive=True, exit_on_error=False, group="past")
    def _read_past(self, number: int, shown: str | None, older: int) -> None:
        with told_to(self, Work.PAST), no_collections():
            from tui.state.past import NothingOlder, read_beside

            try:
                estate = read_beside(self.operator.store, shown, older)
            except NothingOlder as end:
                self.post_message(NothingBefore(str(end)))
            else:
                self.post_message(PastRead(number, estate))


def read_estate_or_none(operator: Operator) -> Estate | None:
    """The estate; None where there is no store, or none with a snapshot."""
    from queries.store.file import NoStore

    try:
        return read_estate(operator.store)
    except NoStore:
        return None
