"""Doctor: can each source be reached, with what rights, and how to fix what does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.content import Content

from collectors.records import counted
from tui.grid.columns import Column, fields_of, text_column
from tui.places.table import Table
from tui.state.failures import report_failures_to
from tui.state.history import HOME, Address
from tui.state.messages import CheckupEnded, SourceChecked, Work, WorkFailed
from tui.views.view import Sort
from tui.words.untrusted import harmless
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collectors.connection.patience import Stop
    from collectors.doctor.checkup import SourceCheck
    from queries.store.file import Store
    from tui.state.estate import Estate


# What is to be done something about, what was not asked, and what is well.
_ORDER = {False: 0, None: 1, True: 2}
_MARKS = {False: "✗", None: "–", True: "✓"}
_TONES = {False: "broken", None: "doubt", True: "alive"}


def _mark(row: SourceCheck) -> str:
    return _MARKS[row.ok]


CHECKS: tuple[Column[SourceCheck], ...] = (
    Column(
        "source",
        "source",
        20,
        lambda row: f"{_mark(row)} {row.source}",
        lambda row: row.source.casefold(),
        priority=10,
        frozen=True,
        tone=lambda row: _TONES[row.ok],
        group=lambda row: row.source,
    ),
    Column("state", "state", 16, lambda row: row.state, lambda row: _ORDER[row.ok]),
    text_column("message", 44, grows_to=90, priority=9),
    text_column("fix", 40, grows_to=70, priority=8, why=lambda _row: "nothing needs a fix"),
    text_column("scope", 38, priority=4),
)


class Doctor(Table["SourceCheck"]):
    """Asks once when it is opened, each answer shown as it comes; escape stops it. Reads only."""

    noun, nouns = "source", "sources"
    nothing = waiting = "asking Azure …"
    columns = CHECKS
    fields = fields_of(CHECKS)
    first_sort = Sort("state")
    needs_estate = False

    def __init__(self, address: Address = HOME) -> None:
        """Nothing is asked yet."""
        super().__init__(address)
        self._found: list[SourceCheck] = []
        self._stop: Stop | None = None
        self._is_running = False

    def key(self, row: SourceCheck) -> str:
        """Source, scope and what it says: a scope has several lines of requests."""
        return f"{row.source} {row.scope} {row.message}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[SourceCheck]:
        """What was found so far; the store is not asked."""
        return tuple(self._found)

    def read_again(self) -> None:
        """Begin; a newer snapshot is no reason to ask again."""
        if not self._is_running and not self._found:
            self._is_running = True
            self._ask()

    def on_source_checked(self, message: SourceChecked) -> None:
        """Show it beside the others."""
        self._found.append(message.finding)
        self.show_rows(tuple(self._found))

    def on_checkup_ended(self, message: CheckupEnded) -> None:
        """Say that no more comes."""
        self._is_running = False
        self._stop = None
        if message.is_stopped:
            self.app.notify("the check-up was stopped", markup=False)
        if self._found and self.grid.current is self._found[0]:
            self.grid.action_first()  # nobody has moved yet: begin with what needs a fix
        self.update_marks()

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say that no more comes; the app says why."""
        if message.work is Work.CHECK_UP:
            self._is_running = False
            self.update_marks()

    def on_unmount(self) -> None:
        """Whoever leaves wants no more answers."""
        self._end()

    def close_innermost(self) -> bool:
        """Stop what is running, before anything else is closed."""
        if self._is_running and self._stop is not None and not self._stop.is_set():
            self._end()
            return True
        return super().close_innermost()

    def marks_content(self) -> Content:
        """How far it is, or what it came to."""
        lacking = sum(row.ok is False for row in self._found)
        if self._is_running:
            text = f" ⟳ asking Azure: {counted(len(self._found), 'answer')} so far   esc stops it"
        elif lacking:
            text = f" ✗ {lacking} of {len(self._found)} do not answer: the fix is beside each"
        else:
            text = f" ✓ all {len(self._found)} answer   r takes a snapshot"
        return Content.styled(text, "bold")

    def described(self, row: SourceCheck, width: int) -> Content:
        """What it said, and what to do."""
        parts = [
            (f"{_mark(row)} {harmless(row.source)}\n", "bold"),
            (f"{harmless(row.scope)}\n\n", "$text-muted"),
            (hanging(harmless(row.message), width, 0), ""),
        ]
        if row.fix is not None:
            parts += [("\n\nto fix it: ", "bold"), (hanging(harmless(row.fix), width, 0), "")]
        return Content.assemble(*parts)

    def _end(self) -> None:
        if self._stop is not None:
            self._stop.set()

    @work(thread=True, exclusive=True, exit_on_error=False, group="checkup")
    def _ask(self) -> None:
        with report_failures_to(self, Work.CHECK_UP):
            from actions.doctor import check_up
            from collectors.connection.errors import Stopped
            from collectors.connection.patience import Stop

            self._stop = Stop()
            try:
                for finding in check_up(self.app.session, self._stop):
                    self.post_message(SourceChecked(finding))
            except Stopped:
                self.post_message(CheckupEnded(is_stopped=True))
            else:
                self.post_message(CheckupEnded())
