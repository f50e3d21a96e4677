"""What every place of rows shares: the filter bar, the table, a pane beside it, and the marks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from queries.filter import FIELDS, Asked, Field, Filter
from tui.details.side_pane import SCROLL_IDS, SidePane
from tui.grid.columns import Row
from tui.grid.grid import Grid
from tui.keys.registry import action_of
from tui.places.exporting import ProgramFields, TableExport
from tui.places.like_cell import term_like, turned
from tui.places.place import Handler, Place
from tui.places.welcome import Welcome
from tui.places.yanking import copy, of_table, offer, row_as_text
from tui.state.history import HOME, Address
from tui.widgets.filter_bar import FilterBar
from tui.widgets.keys_bar import KeysBar
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.words.yanks import Yank

_OF_TABLE = frozenset({"toggle_mark", "open_row", "back", "help"})
"""What the bottom line covers the table alone, or at its end where the details stand there."""


class Rows(Place, Generic[Row]):
    """A place whose body is a table that a person filters, sorts, groups and marks.

    `-folded`: on a wide screen the pane beside the table is folded away. `-filled`: on a narrow one
    it stands where the table was. Each waits for its width, and is nothing at the other.
    """

    AUTO_FOCUS = ""  # the first that could be focused is the filter, and a key would be typed

    noun: ClassVar[str] = "row"
    """What a row is, in the singular."""

    nouns: ClassVar[str] = "rows"
    """What several rows are."""

    nothing: ClassVar[str] = "there is nothing here"
    """What is said where there is no row at all."""

    waiting: ClassVar[str] = "reading …"
    """What is said before the rows were read."""

    fields: ClassVar[tuple[Field, ...]] = FIELDS
    """What the filter may compare."""

    needs_estate: ClassVar[bool] = True
    """Whether there is nothing to show before the first snapshot."""

    def __init__(self, address: Address = HOME) -> None:
        """Nothing was read yet."""
        super().__init__(address)
        self._was_read = False
        self._export = TableExport(self, self.nouns, lambda: self.filter_text)

    def make_handlers(self) -> dict[str, Handler]:
        """Those of the filter, the pane, and what is taken out of the table."""
        return {
            **super().make_handlers(),
            "filter": self.go_to_filter,
            "like_cell": self.filter_like_cell,
            "details_down": lambda: self._pane.scroll_page_down(animate=False),
            "details_up": lambda: self._pane.scroll_page_up(animate=False),
            "export": lambda: self._export.to_file(self.fields_for_programs()),
            "yank": lambda: offer(self, self.yanks),
            "copy_row": self.copy_row,
        }

    def yanks(self, row: Row) -> list[Yank]:
        """What can be copied of a row."""
        return of_table(self.grid, row)

    def copy_row(self) -> None:
        """Copy the row under the cursor, a cell for each column that is shown."""
        row = self.grid.current
        if row is None:
            self.app.notify("no row is under the cursor", markup=False)
        else:
            copy(self, row_as_text(self.grid, row), "row")

    def fields_for_programs(self) -> ProgramFields | None:
        """Names, and the function that gives a row by them; None: the cells are all there is."""
        return None

    def compose_body(self) -> ComposeResult:
        """The filter, then table and pane side by side, then the line of marks."""
        yield FilterBar(self.fields, table=self._table, id="filter-bar")
        yield Welcome(id="welcome")
        with Horizontal(id="body"):
            yield self.make_grid()
            yield self.make_pane()
        yield Static(id="marks", markup=False)

    @abstractmethod
    def make_grid(self) -> Grid[Row]:
        """The table; its id is `grid`."""

    @abstractmethod
    def make_pane(self) -> SidePane:
        """What is beside the table; its id is `detail`."""

    @abstractmethod
    def text_of(self, row: Row) -> str:
        """What words of a filter are looked for in, folded."""

    def on_mount(self) -> None:
        """Show the table as the user last had it, filtered as the address says."""
        self.grid.focus()
        self.take_up_view()
        self.filter_bar.set(self.address.filter)
        self._filter(self.filter_bar.meant)
        self.watch(self.app, "is_reading", self._choose_body)

    @property
    def grid(self) -> Grid[Row]:
        """The table of this place."""
        return self.query_one("#grid", Grid)

    @property
    def _pane(self) -> SidePane:
        return self.query_one("#detail", SidePane)

    def grid_of(self) -> Grid[Any]:
        """The table of this place."""
        return self.grid

    @property
    def filter_bar(self) -> FilterBar:
        """The filter."""
        return self.query_one(FilterBar)

    @property
    def filter_text(self) -> str:
        """The filter as it was typed; empty where there is none."""
        return self.filter_bar.meant.text

    def show_rows(self, rows: Sequence[Row], *, for_good: bool = True) -> None:
        """Replace the rows of the table, and what the filter completes from."""
        self._choose_body()
        self._was_read = True
        self.filter_bar.rows = rows
        self.grid.show(rows, for_good=for_good)

    @on(Grid.MarksChanged)
    @on(Grid.ShownChanged)
    def update_marks(self) -> None:
        """Say how many are marked, how many of them hidden, and how many are shown at all."""
        self.query_one("#marks", Static).update(self.marks_content(), layout=False)
        grid = self.grid
        self.filter_bar.show_count(len(grid.shown), grid.total, grid.unknown)
        self.show_view()
        self.update_keys()

    def show_view(self) -> None:
        """Name the saved view that is shown; a place without any tells none."""

    def marks_content(self) -> Content:
        """The line beneath the table."""
        marked = len(self.grid.marked)
        if not marked:
            return Content("")
        hidden = len(self.grid.hidden_marked)
        text = f" ✓ {marked} marked" + (f" · {hidden} hidden by the filter" if hidden else "")
        return Content.assemble((text, "bold"), ("   u takes the marks away", "$text-muted"))

    @on(FilterBar.Changed)
    def filter_as_typed(self, message: FilterBar.Changed) -> None:
        """Show what the filter leaves."""
        self._filter(message.meant)

    @on(FilterBar.Left)
    def leave_filter(self) -> None:
        """Go back to the table."""
        self.show_table()

    def on_resize(self) -> None:
        """Another width may give the pane the place of the table, or take it back."""
        self.call_after_refresh(self.give_keyboard)

    def on_screen_resume(self) -> None:
        """The terminal may have been resized while something else was shown."""
        self.call_after_refresh(self.give_keyboard)

    @property
    def details_fill(self) -> bool:
        """Whether the pane stands where the table was."""
        return self.has_class("-filled") and not self.has_class("-wide")

    def turn_details(self) -> None:
        """Fold the details away or out; on a narrow screen they take the table's place."""
        self.toggle_class("-folded" if self.has_class("-wide") else "-filled")
        self.give_keyboard()

    def show_table(self) -> None:
        """Go to the table, which takes its place back where the details stand there."""
        self.remove_class("-filled")
        self.set_focus(self.grid)
        self.give_keyboard()

    def action_show_table(self) -> None:
        """For the key that closes the details."""
        self.show_table()

    def give_keyboard(self) -> None:
        """Focus what is on screen of table and pane, unless a person types into the filter.

        Textual takes the focus from what is hidden, and gives it to nothing in its stead.
        """
        pane = self._pane
        pane.can_focus = self.details_fill
        if self.focused in (None, self.grid, pane) and not self.is_too_small:
            if self.has_class("-empty"):
                self.query_one(Welcome).update_head()
            else:
                self.set_focus(pane if self.details_fill else self.grid)
        self.update_keys()

    def update_keys(self) -> None:
        """Draw the keys anew: those of the details where they fill the screen."""
        if not self.details_fill:
            super().update_keys()
            return
        ids = [id for id in self.footer if id not in _OF_TABLE]
        keys = " ".join(self.app.keys.shown(action_of(id)) for id in SCROLL_IDS)
        self.query_one(KeysBar).show_keys([*ids, "back", "help"], self.why_not, (keys, "scroll"))

    def go_to_filter(self) -> None:
        """Go to the filter bar, over the table that it filters."""
        self.remove_class("-filled")
        # At once: what is typed next is text, and no key of the table.
        self.set_focus(self.filter_bar.input)
        self.give_keyboard()

    def filter_like_cell(self) -> None:
        """Show only the rows with the value of the picked column; the same again takes it back."""
        grid, bar, group = self.grid, self.filter_bar, self.grid.current_group
        rows = [grid.current] if group is None else group.rows
        column = grid.picked_column if group is None else grid.grouped_column
        try:
            if rows[0] is None or column is None:
                raise ValueError("no row is under the cursor")
            if bar.mistake is not None:
                raise ValueError("the filter has a mistake: correct it, or clear it with esc")
            term = term_like(column, rows, self.fields)
            bar.set(turned(bar.meant, term, self.fields))
        except ValueError as problem:
            self.app.notify(str(problem), severity="warning", markup=False)

    def leave_taken(self) -> bool:
        """Leave a saved view that is shown; False where none is."""
        return False

    def leave_past(self) -> bool:
        """Leave an old snapshot, then the signs of change; False where there is neither."""
        return False

    def close_innermost(self) -> bool:
        """Close the pane that took the table's place, the filter, or the marks."""
        if self.details_fill:
            self.show_table()
        elif self.leave_taken():
            pass
        elif self.filter_bar.is_open:
            self.filter_bar.set("")
            self.set_focus(self.grid)
        elif self.leave_past():
            pass
        elif self.grid.marked:
            self.grid.unmark_all()
        else:
            return False
        return True

    def _choose_body(self) -> None:
        is_empty = self.needs_estate and self.app.estate is None and not self.app.is_reading
        self.set_class(is_empty, "-empty")
        self.update_keys()

    def _filter(self, meant: Filter) -> None:
        if not meant:
            self.grid.filter_by(None, lambda: self.nothing if self._was_read else self.waiting)
            return
        asked = Asked(meant, self.text_of)
        self.grid.filter_by(asked, lambda: self._nothing_shown(asked))

    def _nothing_shown(self, asked: Asked) -> str:
        """What hid everything: each part with what it alone would show."""
        if not self._was_read:
            return self.waiting
        meant = asked.meant
        text = f"no {self.noun} matches {harmless(meant.text.strip())!r} – esc clears"
        if len(meant.parts) > 1:
            alone = asked.blame(self.filter_bar.rows)
            parts = (f"{harmless(part)} {shown:,}" for part, shown in alone)
            text += f" – each alone: {', '.join(parts)}"
        if self.grid.unknown:
            text += f" – {self.grid.unknown:,} hidden: unknown"
        return text
