"""A table that stays fluid at 100,000 rows: it draws only the lines that are on screen.

It knows nothing of what its rows are. A place gives it columns as data
(`tui.grid.columns.Column`), a function that tells rows apart (`key`), a first sort, and, for
groups, what several rows come to (`tui.grid.columns.Summary`):

    grid = Grid(ENDPOINTS, lambda row: row.endpoint_key, Sort("cost", descending=True),
                summaries=SUMMARIES, id="grid")
    grid.show(rows)                      # all rows, at every refresh
    grid.compare(but=ids)                # from the next rows on, mark what they change
    grid.filter_by(test, empty_text)     # True shows, False hides, None hides and is counted

    sort_by, group_by, choose            # the view: which order, groups and columns
    view, set_view                       # the same as one value, to be kept for the next start
    open_groups                          # show the rows of some groups, by their names
    go_to, mark, unmark_all              # the cursor and the marks, by key

    current, current_group, summed_up    # what is under the cursor
    shown, total, unknown                # rows let through; rows in all; hidden as unknown
    marked, hidden_marked                # rows; those of them that the filter hides
    explained                            # the cell of the cursor's row and the picked column

CursorMoved, MarksChanged, ShownChanged, SightChanged, RowOpened and ViewChanged tell what happened;
they carry nothing, a place asks the grid. Keys are the actions of the registry whose home is
`grid`. Cursor and marks belong to keys, so they survive every sort, filter and refresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region

from tui.grid.columns import Column, Row
from tui.grid.jumping import Jumping
from tui.grid.layout import GUTTER, Layout
from tui.grid.rows import Group, Line, Marked, Shows
from tui.keys.registry import bindings_of
from tui.views.view import Sort, View

_MARKING = frozenset({"toggle_mark", "mark_range", "mark_shown", "unmark_all"})

NOTHING_TO_OPEN = "there is no row to open"


class Grid(Jumping[Row]):
    """Rows as objects, columns as data; see the module."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("grid")

    def may_mark(self) -> bool:
        """Whether a person may change the marks now."""
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key does anything now."""
        if action in _MARKING and not self.may_mark():
            return False
        return super().check_action(action, parameters)

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None on a group, and where nothing is shown."""
        line = self._line(self._cursor)
        return None if isinstance(line, Group) else line

    @property
    def current_group(self) -> Group[Row] | None:
        """The group under the cursor."""
        line = self._line(self._cursor)
        return line if isinstance(line, Group) else None

    @property
    def groups(self) -> Sequence[Group[Row]]:
        """The groups in their order."""
        return self._rows.groups

    @property
    def summed_up(self) -> list[str]:
        """What the rows of the group under the cursor come to, in full."""
        group = self.current_group
        return [] if group is None else [each.text_of(group.rows) for each in self._summaries]

    @property
    def shown_layout(self) -> Layout[Row]:
        """Which columns are on screen, and how wide."""
        return self._layout

    def line_at(self, y: int) -> Line[Row] | None:
        """What is drawn in a line of the screen, of which the first is the header."""
        return self._line(y - 1 + self.scroll_offset.y) if y else None

    @property
    def sort(self) -> Sort:
        """What the rows are sorted by."""
        return self._rows.sort

    @property
    def view(self) -> View:
        """Order, groups and columns as they are."""
        return View(self._rows.sort, self._rows.group, self._chosen, self._widened)

    @property
    def column_ids(self) -> tuple[str, ...]:
        """The columns that are chosen, in their order."""
        return tuple(column.id for column in self.columns)

    @property
    def shown(self) -> Sequence[Row]:
        """The rows that the filter lets through, in their order; those in closed groups too."""
        return self._rows.shown

    @property
    def total(self) -> int:
        """How many rows there are, hidden ones included."""
        return len(self._rows.every)

    @property
    def unknown(self) -> int:
        """How many rows are hidden since the filter cannot cover them."""
        return self._rows.unknown

    @property
    def marked(self) -> Sequence[Row]:
        """The marked rows, hidden ones included, in the order in which they were marked.

        The same until a mark or the rows change: it is asked for at every key.
        """
        return self._marked_now.rows

    @property
    def hidden_marked(self) -> Sequence[Row]:
        """The marked rows that the filter hides."""
        return self._rows.at(self._rows.hidden_of(self._marked_now.places))

    @property
    def _marked_now(self) -> Marked[Row]:
        changes, by_key = self._marks.changes, self._rows.by_key
        known = self._marked
        if known is None or known.changes != changes or known.by_key is not by_key:
            places = self._rows.places_of(self._marks)
            known = self._marked = Marked(changes, by_key, places, self._rows.at(places))
        return known

    @property
    def explained(self) -> str | None:
        """What the cell of the cursor's row and the picked column says, or why it is unknown."""
        row = self.current
        return None if row is None else self.picked_column.explained(row)

    @property
    def picked_column(self) -> Column[Row]:
        """The column that is picked."""
        return next(each for each in self.every_column if each.id == self._picked)

    @property
    def grouped_column(self) -> Column[Row] | None:
        """The column that the rows are gathered by; None: they are not."""
        group = self._rows.group
        return next((column for column in self.every_column if column.id == group), None)

    def show(self, rows: Sequence[Row], *, for_good: bool = True) -> None:
        """Replace the rows; cursor, marks, view and filter stay.

        Marks of gone rows end, unless the rows are shown for a while only.
        """
        with_name = self._cursor_name()
        self._rows.replace(rows)
        self._contents.replace(self._rows.every)
        if for_good:
            self._marks.keep(self._rows.by_key)
        self._rearranged(with_name)

    def compare(self, but: Iterable[str] = ()) -> None:
        """Mark what the rows that come next change, but not in these columns.

        A changed cell is underlined, its row has a sign in the gutter, and so has a new row. Rows
        that come later are still compared with those of now, until this is called again.
        """
        self._unmarked = frozenset(but)
        self._rows.compare()

    def forget_changes(self) -> None:
        """Mark no change."""
        self._rows.before = {}
        self._marks_changed()

    @property
    def before(self) -> Mapping[str, Row]:
        """The rows that those of now are compared with, by key."""
        return self._rows.before

    @property
    def by_key(self) -> Mapping[str, Row]:
        """All rows by key."""
        return self._rows.by_key

    def filter_by(self, shows: Shows[Row] | None, empty_text: Callable[[], str]) -> None:
        """Show the rows that it says True of; None is not known, hidden and counted.

        `empty_text` is asked for what to say where nothing is shown.
        """
        with_name = self._cursor_name()
        self._empty_text = empty_text
        self._rows.filter_by(shows)
        self._rearranged(with_name)

    def sort_by(self, sort: Sort) -> None:
        """Sort by a column, and pick it."""
        with_name = self._cursor_name()
        self._rows.sort_by(sort)
        self._pick_sorted()
        self._rearranged(with_name)

    def group_by(self, column_id: str | None) -> None:
        """Gather rows by a column, all groups closed; None: no groups. The cursor's row stays."""
        with_name = self._row_name()
        self._rows.group_by(column_id)
        self._rearranged(with_name)

    def choose(self, column_ids: Sequence[str] | None) -> None:
        """Show these columns in this order; None: those shown by default."""
        self._chosen = None if column_ids is None else tuple(column_ids)
        self._pick_shown()
        self._measure()

    def pick(self, column_id: str) -> None:
        """Pick a column that is chosen, and bring it into sight."""
        if column_id in self.column_ids:
            self._picked = column_id
            self._measure()

    def open_groups(self, names: Iterable[str]) -> None:
        """Show the rows of the groups of these names, as soon as there are such."""
        self._rows.open(names)
        self._rearranged(self._cursor_name())

    def set_view(self, view: View) -> None:
        """Take over a view that was kept."""
        with_name = self._row_name()
        self._chosen, self._widened = view.columns, view.widened
        self._rows.arrange_by(view.sort, view.group)
        self._pick_sorted()
        self._rearranged(with_name)

    def go_to(self, key: str) -> None:
        """Put the cursor on the row of this key, if it is on a line."""
        place = self._rows.place_of(f"row {key}")
        if place is not None:
            self._move_to(place)

    def mark(self, keys: Iterable[str]) -> None:
        """Mark the rows of these keys, as far as there are such rows."""
        self._marks.add(key for key in keys if key in self._rows.by_key)
        self._marks_changed()

    def unmark_all(self) -> None:
        """Take all marks away."""
        self._marks.clear()
        self._marks_changed()

    def on_click(self, event: events.Click) -> None:
        """The header sorts, the gutter marks, a row takes the cursor and opens at the second."""
        if event.y == 0:
            self._click_header(event.x)
            return
        place = event.y - 1 + self.scroll_offset.y
        if self._line(place) is None:
            return
        self._move_to(place)
        if event.shift:
            self.action_mark_range()
        elif event.x < GUTTER:
            self._toggle(place)
        elif event.chain == 2:
            self.action_open_row()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say in full what the cell under the pointer says, or why it is unknown."""
        line = self.line_at(event.y)
        column = self._layout.column_at(event.x)
        tooltip = None
        if line is not None and column is not None and not isinstance(line, Group):
            tooltip = column.explained(line)
        if tooltip != self.tooltip:
            self.tooltip = tooltip

    def action_cursor_down(self) -> None:
        """One line down."""
        self._move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """One line up."""
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
        """To the first line."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the last line."""
        self._move_to(len(self._rows.lines) - 1)

    def action_pick_left(self) -> None:
        """Pick the column to the left."""
        self._pick(-1)

    def action_pick_right(self) -> None:
        """Pick the column to the right; one that has no room takes that of another."""
        self._pick(1)

    def action_sort_picked(self) -> None:
        """Sort by the picked column, by figures the largest first; the same again reverses."""
        sort = self._rows.sort
        if self._picked == sort.column_id:
            self._sort_by_choice(replace(sort, descending=not sort.descending))
        else:
            self._sort_by_choice(Sort(self._picked, self.picked_column.largest_first))

    def action_sort_then(self) -> None:
        """Sort by the picked column, and what is equal in it as it was sorted until now."""
        sort = self._rows.sort
        if self._picked == sort.column_id:
            self.action_sort_picked()
            return
        then = replace(sort, then=None)
        self._sort_by_choice(Sort(self._picked, self.picked_column.largest_first, then))

    def action_widen_picked(self) -> None:
        """Show the picked column as long as its longest cell; again as before."""
        widened = [each for each in self._widened if each != self._picked]
        if len(widened) == len(self._widened):
            widened.append(self._picked)
        self._widened = tuple(widened)
        self._measure()
        self.post_message(self.ViewChanged())

    def action_group_picked(self) -> None:
        """Group by the picked column; the same again ends the groups."""
        self.group_by(None if self._picked == self._rows.group else self._picked)
        self.post_message(self.ViewChanged())

    def action_toggle_mark(self) -> None:
        """Mark or unmark the row or the group under the cursor, and step on."""
        if self._rows.lines:
            self._toggle(self._cursor)
            self._move_to(self._cursor + 1)

    def action_mark_range(self) -> None:
        """Mark all rows from the last mark to the cursor."""
        row = self.current
        if row is not None and self.may_mark():
            self._marks.extend(self._rows.keys_of_lines, self._rows.key(row))
            self._marks_changed()

    def action_mark_shown(self) -> None:
        """Mark all that the filter shows."""
        self._marks.add(self._rows.keys_shown)
        self._marks_changed()

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        self.unmark_all()

    def action_open_row(self) -> None:
        """Ask for the row under the cursor; open or close a group."""
        line = self._line(self._cursor)
        if isinstance(line, Group):
            with_name = self._cursor_name()
            self._rows.toggle(line)
            self._rearranged(with_name)
        elif line is not None:
            self.post_message(self.RowOpened())
        else:
            self.notify(NOTHING_TO_OPEN, severity="warning", markup=False)

    def _pick(self, step: int) -> None:
        ids = self.column_ids
        place = ids.index(self._picked) + step if self._picked in ids else 0
        self._picked = ids[max(min(place, len(ids) - 1), 0)]
        if self._picked in self._layout:
            self.refresh(Region(0, 0, self.size.width, 1))
        else:
            self._measure()

    def _pick_sorted(self) -> None:
        self._picked = self._rows.sort.column_id
        self._pick_shown()

    def _pick_shown(self) -> None:
        ids = self.column_ids
        self._picked = self._picked if self._picked in ids else ids[0]

    def _sort_by_choice(self, sort: Sort) -> None:
        self.sort_by(sort)
        self.post_message(self.ViewChanged())

    def _click_header(self, x: int) -> None:
        column = self._layout.column_at(x)
        if column is not None:
            self._picked = column.id
            self.action_sort_picked()

    def _toggle(self, place: int) -> None:
        if not self.may_mark():
            return
        self._marks.toggle(list(self._rows.keys_of(self._rows.lines[place])))
        self._marks_changed()
