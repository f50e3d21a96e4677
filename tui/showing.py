"""What is shown of the store: the present, or an old snapshot that a person stepped to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import work
from textual.app import App
from textual.reactive import reactive

from tui.estate import Estate, read_estate, read_first
from tui.failures import told_to
from tui.messages import EstateRead, NothingBefore, PastRead, TagsReadBack

if TYPE_CHECKING:
    from actions.operator import Operator


class Showing(App[None]):
    """The part of the application that reads; places follow `estate`."""

    operator: Operator
    estate: reactive[Estate | None] = reactive(None)
    is_reading: reactive[bool] = reactive(True)
    _present: Estate | None = None
    _wish = 0
    _steps = 0
    _has_read = False

    @work(thread=True, exclusive=True, exit_on_error=False, group="store")
    def read_store(self) -> None:
        """Read all that is current; what fits on a screen first."""
        with told_to(self, "reading the store"):
            if not self._has_read and (first := read_first_or_none(self.operator)) is not None:
                self.post_message(EstateRead(first))
            self._has_read = True
            with no_collections():
                estate = read_estate_or_none(self.operator)
            self.post_message(EstateRead(estate))
            if estate is not None:
                estate.haystacks.fill()

    def on_estate_read(self, message: EstateRead) -> None:
        """Hand what was read to the places."""
        self.is_reading = message.estate is not None and not message.estate.is_whole
        if self.estate is not None and self.estate.past is not None:
            self._present = message.estate
        else:
            self.estate = message.estate

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

    @work(thread=True, exclusive=True, exit_on_error=False, group="past")
    def _read_past(self, number: int, shown: str | None, older: int) -> None:
        with told_to(self, "reading an old snapshot"), no_collections():
            from tui.past import NothingOlder, read_beside

            try:
                estate = read_beside(self.operator.store, shown, older)
            except NothingOlder as end:
                self.post_message(NothingBefore(str(end)))
            else:
                self.post_message(PastRead(number, estate))


@contextmanager
def no_collections() -> Iterator[None]:
    """No search for garbage while many rows are made, nor among them later.

    Rows never refer to each other in a circle; looking through 10,000 of them takes longer than a
    person at the keys should wait.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def read_first_or_none(operator: Operator) -> Estate | None:
    """The first screenful; None where there is no store, or only the whole can be read."""
    from queries.store import NoStore

    try:
        return read_first(operator.store)
    except NoStore:
        return None


def read_estate_or_none(operator: Operator) -> Estate | None:
    """The estate; None where there is no store, or none with a snapshot."""
    from queries.store import NoStore

    try:
        return read_estate(operator.store)
    except NoStore:
        return None
