"""Columns in the palette: `sort by run rate`, `group by owner`, for the table that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.grid.grid import Grid
from tui.places.named_command import NamedCommand
from tui.places.rows import Rows
from tui.views.view import Sort

if TYPE_CHECKING:
    from tui.grid.columns import Column


def column_commands(place: object) -> Iterator[NamedCommand]:
    """A sort and a group by each column of the table; none where there is no table."""
    if not isinstance(place, Rows):
        return
    grid = place.grid
    for column in grid.every_column:
        order = order_of(column, descending=next_sort(grid, column).descending)
        sort = partial(sort_by, grid, column)
        yield NamedCommand(place, f"sort by {column.title}", order, sort)
        group = partial(group_by, grid, column.id)
        yield NamedCommand(place, f"group by {column.title}", "a line for each", group)
    if grid.view.group is not None:
        nothing = partial(group_by, grid, None)
        yield NamedCommand(place, "group by nothing", "ends the groups", nothing)


def order_of(column: Column[Any], *, descending: bool) -> str:
    """How a sort is called: only figures are large or small."""
    if column.largest_first:
        return "the largest first" if descending else "the smallest first"
    return "the other way round, from the last" if descending else "from the first"


def next_sort(grid: Grid[Any], column: Column[Any]) -> Sort:
    """Figures from the largest down, texts from the first; again it reverses."""
    if grid.sort.column_id == column.id:
        return replace(grid.sort, descending=not grid.sort.descending)
    return Sort(column.id, column.largest_first)


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
