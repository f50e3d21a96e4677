"""Draws the lines of a grid: header, rows, groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.grid.columns import Row, Summary
from tui.grid.layout import Layout
from tui.grid.rows import Group
from tui.views.view import Sort
from tui.words.untrusted import fitted

LEAST_SEEN = 4
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


@dataclass(frozen=True, slots=True)
class Painter(Generic[Row]):
    """What a line is drawn with. `scrolled` cells are gone beneath the frozen columns."""

    layout: Layout[Row]
    width: int
    scrolled: int
    style: Callable[[str], Style]

    def header(self, sort: Sort, picked: int, group: str | None) -> Strip:
        """Titles; an arrow shows the sort, reverse video the picked column, `=` the group."""
        cells = []
        for place, (column, width) in enumerate(self.layout):
            title = f"={column.title}" if column.id == group else column.title
            if column.id == sort.column_id:
                arrow = "▼" if sort.descending else "▲"
                title = f"{arrow}{title}" if column.align == "right" else f"{title} {arrow}"
            style = self.style("header-picked" if place == picked else "header")
            cells.append(Segment(fitted(title, width, column.align), style))
        strip = self._assembled("  ", cells, self.style("header"))
        return strip.adjust_cell_length(self.width, self.style("header"))

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

    def group(
        self,
        group: Group[Row],
        name_width: int,
        summaries: Sequence[Summary[Row]],
        look: LineLook,
    ) -> Strip:
        """A group in one line: its name, how many rows, then what they come to.

        Where there is room what they come to stands in columns.
        """
        base = self._base("group", look)
        gutter = look.gutter
        name = fitted(f"{'▾' if group.is_open else '▸'} {group.name}", name_width + 2)
        texts = [each.text_of(group.rows) for each in summaries]
        room = self.width - len(gutter) - name_width - 10
        if sum(each.width + 1 for each in summaries) <= room:
            texts = [fitted(text, each.width) for text, each in zip(texts, summaries, strict=True)]
        text = "  ".join([f"{gutter}{name}{len(group.rows):>6,}", *texts]).rstrip()
        return Strip([Segment(fitted(text, self.width), base)], self.width)

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
        room = max(self.width - self.layout.frozen_width, 0)
        frozen = [Segment(gutter, base)]
        rest: list[Segment] = []
        at = 0
        for (column, width), cell in zip(self.layout, cells, strict=True):
            if column.frozen:
                frozen += (cell, space)
                continue
            rest += (clipped(cell, self.scrolled - at, self.scrolled + room - at), space)
            at += width + 1
        scrolled = Strip(rest).crop(self.scrolled, self.scrolled + room)
        whole = Strip([*frozen, *scrolled.extend_cell_length(room, base)])
        return whole.crop(0, self.width)


def clipped(cell: Segment, first: int, end: int) -> Segment:
    """The cell with `…` where its text goes on out of sight: before `first`, and from `end` on.

    A number of which only a part is in sight would be another number, and a letter or two say
    nothing.
    """
    seen, width = cell.text, cell_len(cell.text)
    if 0 < end < min(width, LEAST_SEEN):
        return Segment(" " * width, cell.style)
    if 0 < end < width and set_cell_size(seen, end).rstrip() != seen.rstrip():
        seen = set_cell_size(set_cell_size(seen, end - 1) + "…", width)
    if 0 < first < width and seen[:first].strip() and len(seen) == width:
        seen = f"{seen[:first]}…{seen[first + 1 :]}"
    return Segment(seen, cell.style)
