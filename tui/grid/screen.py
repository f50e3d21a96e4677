"""What of a grid is on screen: its lines within the room that there is, cursor and all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Generic

from rich.cells import cell_len
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.grid.columns import Column, Row, Summary
from tui.grid.layout import Layout, chosen_columns, laid_out
from tui.grid.lines import ADDED, CHANGED, PARTS, LineLook, Painter
from tui.grid.marks import GridMarks
from tui.grid.rows import GridRows, Group, Line, Marked
from tui.views.view import Sort

LONGEST_NAME = 40
_WHOLE = ("header", "header-picked", "row", "row-odd", "empty", "group")


class GridScreen(ScrollView, Generic[Row], can_focus=True):
    """Draws the lines that are in sight, and keeps the cursor among them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"grid--{part}" for part in PARTS}

    class CursorMoved(Message):
        """Another line is under the cursor, or none."""

    class MarksChanged(Message):
        """Rows were marked or unmarked."""

    class ShownChanged(Message):
        """A filter, a sort, groups or new rows changed what is shown."""

    class RowOpened(Message):
        """The row under the cursor was asked for."""

    class ViewChanged(Message):
        """The user chose another order, group or columns."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        sort: Sort,
        *,
        summaries: Sequence[Summary[Row]] = (),
        id: str | None = None,
    ) -> None:
        """Show nothing yet. `key` tells rows apart, over every refresh."""
        super().__init__(id=id)
        self.every_column = tuple(columns)
        self._chosen: tuple[str, ...] | None = None
        self._summaries = tuple(summaries)
        self._rows = GridRows(columns, key, sort)
        self._marks = GridMarks()
        self._marked: Marked[Row] | None = None
        self._layout: Layout[Row] = laid_out(chosen_columns(columns, None), 0, False)
        self._name_width = 0
        self._picked = 0
        self._cursor = 0
        self._slim = False
        self._unmarked: frozenset[str] = frozenset()
        self._empty_text: Callable[[], str] = str
        self._empty_message = ""
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(512)
        self._styles: dict[str, Style] = {}

    def _move_to(self, place: int) -> None:
        """Put the cursor on a line, or on the nearest that there is."""
        place = max(min(place, len(self._rows.lines) - 1), 0)
        if place == self._cursor:
            return
        for line in (self._cursor, place):
            self.refresh(Region(0, line + 1 - self.scroll_offset.y, self.size.width, 1))
        self._cursor = place
        self._reveal_cursor()
        self.post_message(self.CursorMoved())

    @property
    def _page(self) -> int:
        """How many lines are on screen."""
        return max(self.scrollable_content_region.height - 1, 1)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header, a row, a group, or nothing."""
        painter = self._painter
        if y == 0:
            return painter.header(self._rows.sort, self._picked, self._rows.group)
        place = y - 1 + self.scroll_offset.y
        line = self._line(place)
        if line is not None:
            return self._line_strip(painter, line, place)
        if y == 2 and self._empty_message:
            return painter.words(self._empty_message)
        return painter.nothing()

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

    @property
    def _painter(self) -> Painter[Row]:
        width = self.scrollable_content_region.width or self.size.width
        return Painter(self._layout, width, self.scroll_offset.x, self._style)

    def _line(self, place: int) -> Line[Row] | None:
        return self._rows.lines[place] if 0 <= place < len(self._rows.lines) else None

    def _cursor_name(self) -> str | None:
        line = self._line(self._cursor)
        return None if line is None else self._rows.name_of(line)

    def _rearranged(self, cursor_name: str | None) -> None:
        """Draw the lines as they are, with the cursor where it was."""
        place = self._rows.place_of(cursor_name)
        self._cursor = max(min(self._cursor, len(self._rows.lines) - 1), 0)
        if place is not None:
            self._cursor = place
        self._empty_message = "" if self._rows.shown else self._empty_text()
        self._measure()
        self._reveal_cursor()
        self.post_message(self.ShownChanged())
        self.post_message(self.CursorMoved())

    def _measure(self) -> None:
        room = self.scrollable_content_region.width or self.size.width
        picked = self._layout.columns[self._picked].id
        chosen = chosen_columns(self.every_column, self._chosen)
        self._layout = laid_out(chosen, room, self._slim)
        names = [cell_len(group.name) for group in self._rows.groups]
        self._name_width = min(max(names, default=0), LONGEST_NAME)
        self._picked = self._layout.place_of(picked)
        self.virtual_size = Size(self._layout.width, len(self._rows.lines) + 1)
        self._redraw()

    def _redraw(self) -> None:
        self._styles.clear()
        self._strips.clear()
        self.refresh()

    def _reveal_cursor(self) -> None:
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False)

    def _marks_changed(self) -> None:
        self._strips.clear()
        self.refresh()
        self.post_message(self.MarksChanged())

    def _line_strip(self, painter: Painter[Row], line: Line[Row], place: int) -> Strip:
        is_cursor = place == self._cursor
        cached = (place, is_cursor, painter.scrolled, painter.width)
        strip = self._strips.get(cached)
        if strip is None:
            look = self._look_of(line, place, is_cursor)
            if isinstance(line, Group):
                strip = painter.group(line, self._name_width, self._summaries, look)
            else:
                strip = painter.row(line, look)
            self._strips[cached] = strip
        return strip

    def _look_of(self, line: Line[Row], place: int, is_cursor: bool) -> LineLook:
        keys = self._rows.keys_of(line) if self._marks else ()
        is_marked = bool(self._marks) and all(key in self._marks for key in keys)
        look = LineLook(place % 2 == 1, is_cursor, is_marked)
        if isinstance(line, Group) or not self._rows.before:
            return look
        before = self._rows.before.get(self._rows.key(line))
        if before is None:
            return replace(look, sign=ADDED)
        differing = [
            column
            for column in self.every_column
            if column.id not in self._unmarked and column.differs(line, before)
        ]
        is_row_changed = any(column.change == "row" for column in differing)
        changed = frozenset(column.id for column in differing)
        return replace(look, sign=CHANGED if is_row_changed else "", changed=changed)

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            style = self.get_component_rich_style(f"grid--{name}", partial=name not in _WHOLE)
            self._styles[name] = style
        return self._styles[name]
