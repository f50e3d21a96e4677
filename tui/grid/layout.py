"""Which columns of a grid are on screen, and how wide: cells, never characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from tui.grid.columns import Column, Row

GUTTER = 2


@dataclass(frozen=True, slots=True)
class Layout(Generic[Row]):
    """Columns with their widths; the frozen ones stay while the others scroll beneath them."""

    columns: tuple[Column[Row], ...]
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        """Cells in all, the gutter of marks included."""
        return GUTTER + sum(width + 1 for width in self.widths)

    @property
    def frozen_width(self) -> int:
        """Cells that do not scroll."""
        return GUTTER + sum(width + 1 for column, width in self if column.frozen)

    def __iter__(self) -> Iterator[tuple[Column[Row], int]]:
        """Each column with its width."""
        return zip(self.columns, self.widths, strict=True)

    def place_of(self, column_id: str | None) -> int:
        """The place of a column; the first where it is not on screen."""
        ids = [column.id for column in self.columns]
        return ids.index(column_id) if column_id in ids else 0

    def column_at(self, x: int, scrolled: int) -> int | None:
        """The place of the column under a cell of the screen."""
        edge = GUTTER
        for place, (column, width) in enumerate(self):
            start = edge if column.frozen else edge - scrolled
            least = 0 if column.frozen else self.frozen_width
            if max(start, least) <= x <= start + width:
                return place
            edge += width + 1
        return None

    def span_of(self, place: int) -> tuple[int, int]:
        """Where a column that scrolls begins and ends, from the edge of the frozen ones."""
        before = [width + 1 for column, width in list(self)[:place] if not column.frozen]
        return sum(before), sum(before) + self.widths[place] + 1


def laid_out(columns: Sequence[Column[Row]], room: int, slim: bool) -> Layout[Row]:
    """The layout for so many cells; a slim one drops what does not fit, others scroll."""
    chosen = fitting(columns, room) if slim and room else tuple(columns)
    return Layout(chosen, widths_in(chosen, room))


def fitting(columns: Sequence[Column[Row]], room: int) -> tuple[Column[Row], ...]:
    """The columns that fit into so many cells, those of low priority dropped first."""
    kept = list(columns)
    while len(kept) > 1 and GUTTER + sum(c.width + 1 for c in kept) > room:
        kept.remove(min(kept, key=lambda column: column.priority))
    return tuple(kept)


def widths_in(columns: Sequence[Column[Row]], room: int) -> tuple[int, ...]:
    """The width of each column; spare room goes to those that grow, in their order.

    Where not all are on screen, the room that the next one would be cut in is spare too.
    """
    spare = _spare_in(columns, room)
    widths = []
    for column in columns:
        more = min(spare, max(column.grows_to - column.width, 0))
        widths.append(column.width + more)
        spare -= more
    return tuple(widths)


def _spare_in(columns: Sequence[Column[Row]], room: int) -> int:
    """The cells that the columns on screen, each of them whole, leave."""
    left = max(room - GUTTER, 0)
    for column in columns:
        if column.width + 1 > left:
            break
        left -= column.width + 1
    return left


def chosen_columns(
    columns: Sequence[Column[Row]], ids: Sequence[str] | None
) -> tuple[Column[Row], ...]:
    """The columns of these ids in their order, frozen ones first; None: those shown by default.

    An id that there is not is left out; the first frozen column is always there.
    """
    by_id = {column.id: column for column in columns}
    wanted = [column.id for column in columns if column.is_default] if ids is None else list(ids)
    found = [by_id[each] for each in dict.fromkeys(wanted) if each in by_id]
    first = next((column for column in columns if column.frozen), columns[0])
    if first not in found:
        found.insert(0, first)
    return tuple(sorted(found, key=lambda column: not column.frozen))
