"""A place of rows that are no deployments: columns as data, a reader, and what enter opens.

class Owners(Table[Gathered]):
    noun, nouns = "owner", "owners"
    columns = OWNERS
    fields = fields_of(OWNERS)
    first_sort = Sort("rate", descending=True)

    def key(self, row): ...                  # tells rows apart, over every refresh
    def read(self, store, estate): ...       # in a worker; StoreFailure is reported
    def told(self, row, width): ...          # what the pane says of a row
    def inside(self, row): ...               # the address that enter goes to, or None
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from collectors.records import counted
from tui.details.side_pane import SidePane
from tui.grid.columns import Column, Row, Summary, text_in
from tui.grid.grid import Grid
from tui.keys.registry import ActionContext
from tui.places.rows import Rows
from tui.state.failures import report_failures_to
from tui.state.messages import RowsRead, Work
from tui.views.view import Sort

if TYPE_CHECKING:
    from queries.store.file import Store
    from tui.state.estate import Estate
    from tui.state.history import Address


class Pane(SidePane, can_focus=False):
    """What is known of the row under the cursor."""

    class Resized(Message):
        """Its lines are of another length now."""

    def on_resize(self) -> None:
        """It has its width only once it is on screen."""
        self.post_message(self.Resized())

    def compose(self) -> ComposeResult:
        """One sheet."""
        yield Static(id="pane-text", markup=False)

    def show_content(self, content: Content) -> None:
        """Write it, from its top."""
        self.scroll_home(animate=False)
        self.query_one(Static).update(content)

    @property
    def text_width(self) -> int:
        """How many cells a line has."""
        return self.scrollable_content_region.width


class Table(Rows[Row]):
    """Reads its rows in a worker, at first and whenever the estate was read anew."""

    footer = ("open_row", "back", "filter", "snapshot", "palette", "help")
    columns: ClassVar[Sequence[Column[Any]]]
    first_sort: ClassVar[Sort]
    summaries: ClassVar[Sequence[Summary[Any]]] = ()

    @abstractmethod
    def key(self, row: Row) -> str:
        """What tells a row apart from all others."""

    @abstractmethod
    def read(self, store: Store, estate: Estate | None) -> Sequence[Row]:
        """All rows; called from a worker, StoreFailure where the store cannot tell."""

    @abstractmethod
    def described(self, row: Row, width: int) -> Content:
        """What the pane says of a row, in lines of so many cells."""

    def inside(self, row: Row) -> Address | None:
        """Where enter goes in; None: there is nothing within."""
        return None

    def make_grid(self) -> Grid[Row]:
        """The table of this place."""
        columns, sort = self.columns, self.first_sort
        return Grid(columns, self.key, sort, summaries=self.summaries, id="grid")

    def make_pane(self) -> Pane:
        """What is beside it."""
        return Pane(id="detail")

    def text_of(self, row: Row) -> str:
        """All that the row's cells say."""
        return text_in(self.columns, row)

    def on_mount(self) -> None:
        """Follow the estate."""
        self.watch(self.app, "estate", self.read_again)

    def situation(self) -> ActionContext:
        """No deployment is a target here."""
        session = self.app.session
        return ActionContext(
            targets=(),
            limits=session.limits,
            has_estate=self.app.estate is not None,
            is_collecting=self.app.snapshot_progress is not None,
            has_portal=session.cloud.portal is not None,
        )

    def read_again(self) -> None:
        """Read the rows anew."""
        self._read(self.app.estate)

    @work(thread=True, exclusive=True, exit_on_error=False, group="rows")
    def _read(self, current: Estate | None) -> None:
        with report_failures_to(self, Work.ROWS, f"the {self.nouns}"):
            self.post_message(RowsRead(self.read(self.app.session.store, current)))

    def on_rows_read(self, message: RowsRead) -> None:
        """Show what was read."""
        self.show_rows(message.rows)

    @on(Pane.Resized)
    @on(Grid.CursorMoved)
    def describe(self) -> None:
        """Say in the pane what is under the cursor."""
        row, group = self.grid.current, self.grid.current_group
        pane = self.query_one(Pane)
        if group is not None:
            lines = [counted(len(group.rows), self.noun, self.nouns), *self.grid.summed_up]
            content = Content.assemble((f"{group.name}\n", "bold"), "\n".join(lines))
        elif row is None:
            content = Content("")
        else:
            content = self.described(row, pane.text_width)
        pane.show_content(content)
        self.update_keys()

    @on(Grid.RowOpened)
    def go_in(self) -> None:
        """Enter goes in; where nothing is within, it turns the pane over on a narrow screen."""
        row = self.grid.current
        if row is not None:
            self.enter(row)

    def enter(self, row: Row) -> None:
        """What enter does with a row."""
        address = self.inside(row)
        if address is None:
            self.turn_details()
        else:
            self.app.go(address)
