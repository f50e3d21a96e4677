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
from tui.grid.layout import Needs, chosen_columns, laid_out
from tui.grid.lines import ADDED, CHANGED, PARTS, LineLook, Painter, group_head, head_of
from tui.grid.marks import GridMarks
from tui.grid.measuring import Contents
from tui.grid.rows import GridRows, Group, Line, Marked
from tui.views.view import Sort

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

    class SightChanged(Message):
        """Other lines or columns came into sight."""

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
        self._widened: tuple[str, ...] = ()
        self._contents: Contents[Row] = Contents()
        self._sums: dict[str, int] = {}
        self._picked = sort.column_id
        self._layout = laid_out(self.columns, self._needs, 0)
        self._cursor = 0
        self._row: str | None = None
        self._unmarked: frozenset[str] = frozenset()
        self._empty_text: Callable[[], str] = str
        self._empty_message = ""
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(512)
        self._styles: dict[str, Style] = {}

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The columns that are chosen, in their order, those too for which there is no room."""
        return chosen_columns(self.every_column, self._chosen)

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
            return painter.header(self._rows.sort, self._picked, self._group)
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
        self.draw_again()

    def on_blur(self) -> None:
        """The cursor looks otherwise while the keys go elsewhere."""
        self.draw_again()

    def on_resize(self) -> None:
        """Share out the room again, and keep the cursor in sight."""
        self._measure()
        self._reveal_cursor()

    def watch_show_vertical_scrollbar(self) -> None:
        """The scrollbar takes a cell of the columns, or gives it back."""
        self._measure()

    @property
    def _painter(self) -> Painter[Row]:
        width = self.scrollable_content_region.width or self.size.width
        return Painter(self._layout, width, self._style)

    def _line(self, place: int) -> Line[Row] | None:
        return self._rows.lines[place] if 0 <= place < len(self._rows.lines) else None

    def _cursor_name(self) -> str | None:
        line = self._line(self._cursor)
        return None if line is None else self._rows.name_of(line)

    def _row_name(self) -> str | None:
        """The row of the cursor; of a group the one that the cursor was on, else its first."""
        line = self._line(self._cursor)
        if isinstance(line, Group):
            names = [f"row {key}" for key in self._rows.keys_of(line)]
            self._row = self._row if self._row in names else next(iter(names), None)
        else:
            self._row = self._cursor_name()
        return self._row

    def _rearranged(self, cursor_name: str | None) -> None:
        """Draw the lines as they are, with the cursor where it was."""
        self._sums = {}
        place = self._rows.place_of(cursor_name)
        self._cursor = max(min(self._cursor, len(self._rows.lines) - 1), 0)
        if place is not None:
            self._cursor = place
        self._empty_message = "" if self._rows.shown else self._empty_text()
        self._measure()
        self._reveal_cursor()
        self.post_message(self.ShownChanged())
        self.post_message(self.CursorMoved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Columns grow where longer cells come into sight."""
        super().watch_scroll_y(old_value, new_value)
        if self._see_lines():
            self._measure()
        self.post_message(self.SightChanged())

    def _see_lines(self) -> bool:
        """Look at what came into sight; whether any of it is longer than all before."""
        is_longer = self._contents.see(self.rows_in_sight, self.columns)
        summed = [column for column in self.columns if column.total is not None]
        for line in self._lines_in_sight:
            if isinstance(line, Group):
                for column in summed:
                    length = cell_len(line.total_of(column))
                    if length > self._sums.get(column.id, 0):
                        self._sums[column.id], is_longer = length, True
        return is_longer

    def _measure(self) -> None:
        """Share out the room among the columns."""
        room = self.scrollable_content_region.width or self.size.width
        self._see_lines()
        in_name = self._group is None or self._group.frozen
        columns = [column for column in self.columns if in_name or column is not self._group]
        self._layout = laid_out(columns, self._needs, room)
        self.virtual_size = Size(room, len(self._rows.lines) + 1)
        self.draw_again()
        self.post_message(self.SightChanged())

    @property
    def _group(self) -> Column[Row] | None:
        """What rows are gathered by; its values are the names of the groups, and no column."""
        named = self._rows.group
        return next((column for column in self.every_column if column.id == named), None)

    @property
    def _needs(self) -> Needs:
        sort, columns, group = self._rows.sort, self.columns, self._group
        contents = self._contents.of(columns)
        for column_id, length in self._sums.items():
            contents[column_id] = max(contents.get(column_id, 0), length)
        return Needs(
            contents,
            {column.id: cell_len(head_of(column, sort, self._rows.group)) for column in columns},
            max((_front_of(each) for each in self._rows.groups), default=0),
            0 if group is None else cell_len(head_of(group, sort, group.id)),
            self._widened,
            self._wanted,
        )

    @property
    def _wanted(self) -> list[str]:
        """What has to be on screen: the name, what is sorted by, what is picked."""
        columns, sort = self.columns, self._rows.sort
        front = [column for column in columns if column.frozen]
        names = [max(front, key=lambda column: column.priority).id] if front else []
        then = [] if sort.then is None else [sort.then.column_id]
        return [*names, sort.column_id, self._picked, *then]

    @property
    def rows_in_sight(self) -> list[Row]:
        """The rows on screen; no groups."""
        return [line for line in self._lines_in_sight if not isinstance(line, Group)]

    @property
    def _lines_in_sight(self) -> Sequence[Line[Row]]:
        top = self.scroll_offset.y
        return self._rows.lines[top : top + self._page + 1]

    def draw_again(self) -> None:
        """Draw all lines anew: a cell says something else."""
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
        cached = (place, is_cursor, painter.width)
        strip = self._strips.get(cached)
        if strip is None:
            look = self._look_of(line, place, is_cursor)
            if isinstance(line, Group):
                strip = painter.group(line, look)
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


def _front_of(group: Group[Row]) -> int:
    """The cells of a group's name and number."""
    return cell_len(group_head(group)) + len(f" {len(group.places):,}") + 1
