"""Draws the lines of a grid: header, rows, groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.grid.columns import Column, Row
from tui.grid.layout import GUTTER, Layout
from tui.grid.rows import Group
from tui.views.view import Sort
from tui.words.untrusted import fitted

MARK, CHANGED, ADDED = "✓", "Δ", "+"
TONES = ("act", "broken", "doubt", "quiet", "kept", "alive")
PARTS = (
    "header",
    "header-picked",
    "row",
    "row-odd",
    "marked",
    "cursor",
    "changed",
    "empty",
    "group",
    *(f"tone-{tone}" for tone in TONES),
)


@dataclass(frozen=True, slots=True)
class LineLook:
    """How a line stands out. `changed` are the ids of columns that said something else."""

    is_odd: bool = False
    is_cursor: bool = False
    is_marked: bool = False
    sign: str = ""
    changed: frozenset[str] = frozenset()

    @property
    def gutter(self) -> str:
        """The mark and the sign of a change, in two cells."""
        return f"{MARK if self.is_marked else ''}{self.sign}".ljust(2)


def head_of(column: Column[Row], sort: Sort, group: str | None) -> str:
    """The title of a column: an arrow shows the sort, a hollow one what equal rows are sorted by,
    `=` the group.
    """
    title = f"={column.title}" if column.id == group else column.title
    for each, (up, down) in ((sort, "▲▼"), (sort.then, "△▽")):
        if each is not None and column.id == each.column_id:
            arrow = down if each.descending else up
            title = f"{arrow}{title}" if column.align == "right" else f"{title} {arrow}"
    return title


@dataclass(frozen=True, slots=True)
class Painter(Generic[Row]):
    """What a line is drawn with."""

    layout: Layout[Row]
    width: int
    style: Callable[[str], Style]

    def header(self, sort: Sort, picked: str, group: Column[Row] | None) -> Strip:
        """Titles, the picked one in reverse video; at the end what is not on screen."""
        named = None if group is None else group.id
        cells = [
            Segment(
                fitted(head_of(column, sort, named), width, column.align),
                self._head_style(column, picked),
            )
            for column, width in self.layout
        ]
        base = self.style("header")
        strip = self._assembled("  ", cells, base)
        end = [Segment(f"+{self.layout.hidden}", base)] if self.layout.hidden else []
        if group is not None and group.id not in self.layout:
            style = self._head_style(group, picked)
            end = [Segment(head_of(group, sort, named), style), Segment(" ", base), *end]
        while end and self.layout.width + sum(each.cell_length for each in end) > self.width:
            end.pop()
        length = sum(segment.cell_length for segment in end)
        return Strip([*strip.crop(0, self.width - length), *end])

    def _head_style(self, column: Column[Row], picked: str) -> Style:
        return self.style("header-picked" if column.id == picked else "header")

    def row(self, row: Row, look: LineLook) -> Strip:
        """A row, each cell in its column's tone."""
        base = self._base("row-odd" if look.is_odd else "row", look)
        cells = []
        for column, width in self.layout:
            tone = column.tone(row)
            style = base + self.style(f"tone-{tone}") if tone and not look.is_cursor else base
            if column.id in look.changed:
                style += self.style("changed")
            cells.append(Segment(fitted(column.text(row), width, column.align), style))
        return self._assembled(look.gutter, cells, base)

    def group(self, group: Group[Row], look: LineLook) -> Strip:
        """A group: its name and how many rows, then under each column what they come to."""
        base = self._base("group", look)
        front = self.layout.frozen_width - GUTTER - 1
        count = f"{len(group.places):,}"
        name = fitted(group_head(group), max(front - len(count) - 1, 0))
        cells = [Segment(f"{name} {count}", base)]
        cells += (
            Segment(fitted(group.total_of(column), width, column.align), base)
            for column, width in self.layout
            if not column.frozen
        )
        return self._assembled(look.gutter, cells, base)

    def words(self, text: str) -> Strip:
        """A line of words in place of rows."""
        return Strip([Segment(fitted(f"  {text}", self.width), self.style("empty"))], self.width)

    def nothing(self) -> Strip:
        """A line below the last row."""
        return Strip.blank(self.width, self.style("row"))

    def _base(self, part: str, look: LineLook) -> Style:
        base = self.style(part)
        if look.is_marked:
            base += self.style("marked")
        if look.is_cursor:
            base += self.style("cursor")
        return base

    def _assembled(self, gutter: str, cells: Sequence[Segment], base: Style) -> Strip:
        space = Segment(" ", base)
        spaced = [part for cell in cells for part in (cell, space)]
        return Strip([Segment(gutter, base), *spaced]).adjust_cell_length(self.width, base)


def group_head(group: Group[Row]) -> str:
    """The name of a group, and whether its rows are shown."""
    return f"{'▾' if group.is_open else '▸'} {group.name}"
