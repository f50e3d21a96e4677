"""Columns in the palette: `sort by run rate`, `group by owner`, for the table that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import Hit, Hits, Provider

from tui.grid.grid import Grid
from tui.places.rows import Rows
from tui.views.view import Sort

if TYPE_CHECKING:
    from tui.grid.columns import Column

Command = tuple[str, str, Callable[[], None]]
"""Its name, what it does in other words, and how it is run."""


class ColumnCommands(Provider):
    """Sorts and groups by any column, those too that are not shown."""

    async def search(self, query: str) -> Hits:
        """What matches the typed words; before that there are too many to be listed."""
        matcher = self.matcher(query)
        for name, meaning, run in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), run, help=meaning)

    def _commands(self) -> Iterator[Command]:
        place = self.screen
        if not isinstance(place, Rows):
            return
        grid = place.grid
        for column in grid.every_column:
            sort = next_sort(grid, column)
            order = "the largest first" if sort.descending else "the smallest first"
            yield f"sort by {column.title}", order, partial(sort_by, grid, column)
        for column in grid.every_column:
            name = f"group by {column.title}"
            yield name, "a line for each, with its sums", partial(group_by, grid, column.id)
        if grid.view.group is not None:
            yield "group by nothing", "ends the groups", partial(group_by, grid, None)


def next_sort(grid: Grid[Any], column: Column[Any]) -> Sort:
    """Numbers from the largest down, texts from the first; again it reverses."""
    if grid.sort.column_id == column.id:
        return Sort(column.id, not grid.sort.descending)
    return Sort(column.id, column.align == "right")


def sort_by(grid: Grid[Any], column: Column[Any]) -> None:
    """Sort by a column, which is shown then."""
    if column.id not in grid.column_ids:
        grid.choose((*grid.column_ids, column.id))
    grid.sort_by(next_sort(grid, column))
    grid.post_message(Grid.ViewChanged())


def group_by(grid: Grid[Any], column_id: str | None) -> None:
    """Group by a column; None: by none."""
    grid.group_by(column_id)
    grid.post_message(Grid.ViewChanged())
