"""A table that stays fluid at 100,000 rows: it draws only the lines that are on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.columns import Column, sorted_by
from tui.registry import bindings_of
from tui.untrusted import fitted

Row = TypeVar("Row")
GUTTER = 2
MARK = "✓"
TONES = ("act", "broken", "doubt", "quiet", "kept", "alive")


@dataclass(frozen=True, slots=True)
class Sort:
    """Which column the rows are sorted by."""

    column_id: str
    descending: bool = False


class Grid(ScrollView, Generic[Row], can_focus=True):
    """Rows as objects, columns as data; marks belong to keys, so they survive whatever is shown."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--header-picked",
        "grid--row",
        "grid--row-odd",
        "grid--marked",
        "grid--cursor",
        "grid--empty",
        *(f"grid--tone-{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("grid")

    class CursorMoved(Message):
        """Another row is under the cursor, or none."""

    class MarksChanged(Message):
        """Rows were marked or unmarked."""

    class ShownChanged(Message):
        """A filter, a sort or new rows changed what is shown."""

    class RowOpened(Message):
        """The row under the cursor was asked for."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        sort: Sort,
        *,
        id: str | None = None,
    ) -> None:
        """Show nothing yet. `key` tells rows apart, over every refresh."""
        super().__init__(id=id)
        self._all_columns = tuple(columns)
        self._columns = self._all_columns
        self._key = key
        self._sort = sort
        self._picked = 0
        self._rows: tuple[Row, ...] = ()
        self._shown: list[Row] = []
        self._lets_through: Callable[[Row], bool | None] | None = None
        self._unknown = 0
        self._by_key: dict[str, Row] = {}
        self._marks: dict[str, None] = {}
        self._cursor = 0
        self._slim = False
        self._empty_text: Callable[[], str] = str
        self._empty_told = ""
        self._widths = widths_in(self._columns, 0)
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(512)
        self._styles: dict[str, Style] = {}

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._shown[self._cursor] if self._shown else None

    @property
    def sort(self) -> Sort:
        """What the rows are sorted by."""
        return self._sort

    @property
    def shown(self) -> Sequence[Row]:
        """The rows that the filter lets through, in their order."""
        return self._shown

    @property
    def total(self) -> int:
        """How many rows there are, hidden ones included."""
        return len(self._rows)

    @property
    def unknown(self) -> int:
        """How many rows are hidden since the filter cannot tell of them."""
        return self._unknown

    @property
    def marked(self) -> list[Row]:
        """The marked rows, hidden ones included, in the order in which they were marked."""
        return [self._by_key[key] for key in self._marks]

    @property
    def hidden_marked(self) -> list[Row]:
        """The marked rows that the filter hides."""
        if self._lets_through is None:
            return []
        return [row for row in self.marked if self._lets_through(row) is not True]

    def show(self, rows: Sequence[Row]) -> None:
        """Replace the rows; cursor, marks, sort and filter stay. Marks of gone rows end."""
        self._rows = tuple(rows)
        self._by_key = {self._key(row): row for row in self._rows}
        self._marks = {key: None for key in self._marks if key in self._by_key}
        self._rearrange()

    def filter_by(
        self, lets_through: Callable[[Row], bool | None] | None, empty_text: Callable[[], str]
    ) -> None:
        """Show the rows that it says True of; None is not known, hidden and counted.

        `empty_text` is asked for what to say where nothing is shown.
        """
        self._lets_through = lets_through
        self._empty_text = empty_text
        self._rearrange()

    def sort_by(self, sort: Sort) -> None:
        """Sort by a column, and pick it."""
        self._sort = sort
        ids = [column.id for column in self._columns]
        if sort.column_id in ids:
            self._picked = ids.index(sort.column_id)
        self._rearrange()

    def keep_slim(self, slim: bool) -> None:
        """Whether columns that do not fit are dropped instead of reached by scrolling."""
        self._slim = slim
        self._measure()

    def go_to(self, key: str) -> None:
        """Put the cursor on the row of this key, if it is shown."""
        self._move_to(self._place_of(key))

    def unmark_all(self) -> None:
        """Take all marks away."""
        self._marks.clear()
        self._marks_changed()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header, a row, or nothing."""
        width = self.size.width
        if y == 0:
            return self._header().adjust_cell_length(width, self._style("header"))
        index = y - 1 + self.scroll_offset.y
        if index < len(self._shown):
            return self._row_strip(index)
        if not self._shown and y == 2:
            text = fitted("  " + self._empty_told, width)
            return Strip([Segment(text, self._style("empty"))], width)
        return Strip.blank(width, self._style("row"))

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old colours."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def on_focus(self) -> None:
        """The cursor looks otherwise while the keys go elsewhere."""
        self._redraw()

    def on_blur(self) -> None:
        """The cursor looks otherwise while the keys go elsewhere."""
        self._redraw()

    def on_resize(self) -> None:
        """Share out the room again, and keep the cursor in sight."""
        self._measure()
        self._reveal_cursor()

    def on_click(self, event: events.Click) -> None:
        """The header sorts, the gutter marks, a row takes the cursor and opens at the second."""
        if event.y == 0:
            self._click_header(event.x)
            return
        index = event.y - 1 + self.scroll_offset.y
        if index >= len(self._shown):
            return
        self._move_to(index)
        if event.x < GUTTER:
            self._toggle(index)
        elif event.chain == 2:
            self.post_message(self.RowOpened())

    def action_cursor_down(self) -> None:
        """One row down."""
        self._move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self._move_to(self._cursor - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self._move_to(self._cursor + self._page)

    def action_page_up(self) -> None:
        """A page up."""
        self._move_to(self._cursor - self._page)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._move_to(self._cursor + self._page // 2)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._move_to(self._cursor - self._page // 2)

    def action_first(self) -> None:
        """To the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the last row."""
        self._move_to(len(self._shown) - 1)

    def action_pick_left(self) -> None:
        """Pick the column to the left."""
        self._pick(self._picked - 1)

    def action_pick_right(self) -> None:
        """Pick the column to the right."""
        self._pick(self._picked + 1)

    def action_sort_picked(self) -> None:
        """Sort by the picked column; the same again reverses."""
        column_id = self._columns[self._picked].id
        again = column_id == self._sort.column_id
        self.sort_by(Sort(column_id, again and not self._sort.descending))

    def action_toggle_mark(self) -> None:
        """Mark or unmark the row under the cursor, and step on."""
        if self._shown:
            self._toggle(self._cursor)
            self._move_to(self._cursor + 1)

    def action_mark_shown(self) -> None:
        """Mark all that the filter shows."""
        self._marks |= {self._key(row): None for row in self._shown}
        self._marks_changed()

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        self.unmark_all()

    def action_open_row(self) -> None:
        """Ask for the row under the cursor."""
        if self._shown:
            self.post_message(self.RowOpened())

    @property
    def _page(self) -> int:
        return max(self.scrollable_content_region.height - 1, 1)

    @property
    def _frozen_width(self) -> int:
        frozen = [w for c, w in zip(self._columns, self._widths, strict=True) if c.frozen]
        return GUTTER + sum(width + 1 for width in frozen)

    def _rearrange(self) -> None:
        old = self._key(self.current) if self.current is not None else None
        kept = self._rows
        self._unknown = 0
        if self._lets_through is not None:
            answers = list(map(self._lets_through, kept))
            kept = tuple(row for row, shows in zip(kept, answers, strict=True) if shows)
            self._unknown = answers.count(None)
        column = next(c for c in self._all_columns if c.id == self._sort.column_id)
        self._shown = sorted_by(kept, column, self._sort.descending)
        self._empty_told = "" if self._shown else self._empty_text()
        self._cursor = self._place_of(old)
        self._measure()
        self._reveal_cursor()
        self.post_message(self.ShownChanged())
        self.post_message(self.CursorMoved())

    def _place_of(self, key: str | None) -> int:
        if key is not None:
            for index, row in enumerate(self._shown):
                if self._key(row) == key:
                    return index
        return max(min(self._cursor, len(self._shown) - 1), 0)

    def _measure(self) -> None:
        room = self.scrollable_content_region.width or self.size.width
        if room:
            picked = self._columns[self._picked].id if self._columns else None
            self._columns = fitting(self._all_columns, room) if self._slim else self._all_columns
            ids = [column.id for column in self._columns]
            self._picked = ids.index(picked) if picked in ids else 0
        self._widths = widths_in(self._columns, room)
        width = GUTTER + sum(w + 1 for w in self._widths)
        self.virtual_size = Size(width, len(self._shown) + 1)
        self._redraw()

    def _redraw(self) -> None:
        self._styles.clear()
        self._strips.clear()
        self.refresh()

    def _move_to(self, index: int) -> None:
        index = max(min(index, len(self._shown) - 1), 0)
        if index == self._cursor:
            return
        for line in (self._cursor, index):
            self.refresh(Region(0, line + 1 - self.scroll_offset.y, self.size.width, 1))
        self._cursor = index
        self._reveal_cursor()
        self.post_message(self.CursorMoved())

    def _reveal_cursor(self) -> None:
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False)

    def _pick(self, index: int) -> None:
        self._picked = max(min(index, len(self._columns) - 1), 0)
        before = sum(
            width + 1
            for column, width in list(zip(self._columns, self._widths, strict=True))[: self._picked]
            if not column.frozen
        )
        if not self._columns[self._picked].frozen:
            room = self.scrollable_content_region.width - self._frozen_width
            end = before + self._widths[self._picked] + 1
            if before < self.scroll_offset.x:
                self.scroll_to(x=before, animate=False)
            elif end > self.scroll_offset.x + room:
                self.scroll_to(x=end - room, animate=False)
        self.refresh()

    def _click_header(self, x: int) -> None:
        edge = GUTTER
        for index, (column, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            start = edge if column.frozen else edge - self.scroll_offset.x
            if max(start, 0 if column.frozen else self._frozen_width) <= x <= start + width:
                self._picked = index
                self.action_sort_picked()
                return
            edge += width + 1

    def _toggle(self, index: int) -> None:
        key = self._key(self._shown[index])
        if key in self._marks:
            del self._marks[key]
        else:
            self._marks[key] = None
        self._marks_changed()

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.MarksChanged())

    def _header(self) -> Strip:
        cells = []
        for index, (column, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            title = column.title
            if column.id == self._sort.column_id:
                arrow = "▼" if self._sort.descending else "▲"
                title = f"{arrow}{title}" if column.align == "right" else f"{title} {arrow}"
            style = self._style("header-picked" if index == self._picked else "header")
            cells.append(Segment(fitted(title, width, column.align), style))
        return self._assembled("  ", cells, self._style("header"))

    def _row_strip(self, index: int) -> Strip:
        row = self._shown[index]
        is_cursor, is_marked = index == self._cursor, self._key(row) in self._marks
        cached = (index, is_cursor, is_marked, self.scroll_offset.x, self.size.width)
        strip = self._strips.get(cached)
        if strip is None:
            strip = self._drawn(row, index, is_cursor, is_marked)
            self._strips[cached] = strip
        return strip

    def _drawn(self, row: Row, index: int, is_cursor: bool, is_marked: bool) -> Strip:
        base = self._style("row-odd" if index % 2 else "row")
        if is_marked:
            base += self._style("marked")
        if is_cursor:
            base += self._style("cursor")
        cells = []
        for column, width in zip(self._columns, self._widths, strict=True):
            tone = column.tone(row)
            style = base + self._style(f"tone-{tone}") if tone and not is_cursor else base
            cells.append(Segment(fitted(column.text(row), width, column.align), style))
        gutter = f"{MARK} " if is_marked else "  "
        return self._assembled(gutter, cells, base)

    def _assembled(self, gutter: str, cells: Sequence[Segment], base: Style) -> Strip:
        space = Segment(" ", base)
        frozen = [Segment(gutter, base)]
        rest: list[Segment] = []
        for column, cell in zip(self._columns, cells, strict=True):
            (frozen if column.frozen else rest).extend((cell, space))
        room = max(self.size.width - self._frozen_width, 0)
        x = self.scroll_offset.x
        scrolled = Strip(rest).crop(x, x + room).extend_cell_length(room, base)
        return Strip([*frozen, *scrolled]).crop(0, self.size.width)

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            whole = name in ("header", "row", "row-odd", "empty", "header-picked")
            style = self.get_component_rich_style(f"grid--{name}", partial=not whole)
            self._styles[name] = style
        return self._styles[name]


def fitting(columns: Sequence[Column[Row]], room: int) -> tuple[Column[Row], ...]:
    """The columns that fit into so many cells, those of low priority dropped first."""
    kept = list(columns)
    while len(kept) > 1 and GUTTER + sum(c.width + 1 for c in kept) > room:
        kept.remove(min(kept, key=lambda column: column.priority))
    return tuple(kept)


def widths_in(columns: Sequence[Column[Row]], room: int) -> tuple[int, ...]:
    """The width of each column; spare room goes to those that grow, in their order."""
    spare = max(room - GUTTER - sum(column.width + 1 for column in columns), 0)
    widths = []
    for column in columns:
        more = min(spare, max(column.grows_to - column.width, 0))
        widths.append(column.width + more)
        spare -= more
    return tuple(widths)
