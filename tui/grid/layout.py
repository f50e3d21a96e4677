"""Which columns of a grid are on screen, and how wide: cells, never characters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from tui.grid.columns import Column, Row

GUTTER = 2
# What a text is cut down to before its column is left out, and where it has to be there.
READABLE, LEAST_TEXT = 24, 5
HIDDEN_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Layout(Generic[Row]):
    """Columns in their order with their widths; `hidden` more are chosen and have no room."""

    columns: tuple[Column[Row], ...]
    widths: tuple[int, ...]
    hidden: int = 0

    @property
    def width(self) -> int:
        """Cells in all, the gutter of marks included."""
        return GUTTER + sum(width + 1 for width in self.widths)

    @property
    def frozen_width(self) -> int:
        """Cells of the columns in front, where the name of a group stands."""
        return GUTTER + sum(width + 1 for column, width in self if column.frozen)

    def __iter__(self) -> Iterator[tuple[Column[Row], int]]:
        """Each column with its width."""
        return zip(self.columns, self.widths, strict=True)

    def __contains__(self, column_id: object) -> bool:
        """Whether a column is on screen."""
        return any(column.id == column_id for column in self.columns)

    def column_at(self, x: int) -> Column[Row] | None:
        """The column under a cell of the screen."""
        edge = GUTTER
        for column, width in self:
            if edge <= x <= edge + width:
                return column
            edge += width + 1
        return None


@dataclass(frozen=True, slots=True)
class Needs:
    """What columns need, in cells by their ids: for the longest that they say, for their heads.

    `in_front` is what the names of the groups need, which stand in the frozen columns, `group_head`
    the head of the column that they are the values of, which is no column beside them. `widened`
    are shown as long as what they say. `wanted` have to be on screen, the most wanted first.
    """

    contents: Mapping[str, int]
    heads: Mapping[str, int]
    in_front: int = 0
    group_head: int = 0
    widened: Collection[str] = ()
    wanted: Sequence[str] = ()


def laid_out(columns: Sequence[Column[Row]], needs: Needs, room: int) -> Layout[Row]:
    """The layout for so many cells: those of low priority are left out where not all fit."""
    least = {column.id: least_width(column, needs) for column in columns}
    if frozen := [column.id for column in columns if column.frozen]:
        lacking = needs.in_front - sum(least[each] + 1 for each in frozen)
        least[frozen[-1]] += max(lacking, 0)
    room -= needs.group_head + 1 if needs.group_head else 0
    kept = _fitting(columns, needs, least, room)
    if len(kept) < len(columns) and _total(kept, least) <= room - HIDDEN_WIDTH:
        room -= HIDDEN_WIDTH  # where none is left out for it, the head says how many have no room
    widths = _cut(kept, _grown(kept, needs, least, room), needs, room)
    return Layout(kept, widths, len(columns) - len(kept))


def least_width(column: Column[Row], needs: Needs) -> int:
    """The cells without which a column is not shown: a number or a name is never cut."""
    content = needs.contents.get(column.id, column.width)
    is_whole = column.is_whole or column.id in needs.widened
    cut = content if is_whole else min(content, column.width, READABLE)
    return max(cut, needs.heads[column.id])


def _fitting(
    columns: Sequence[Column[Row]], needs: Needs, least: Mapping[str, int], room: int
) -> tuple[Column[Row], ...]:
    """Those that fit; of what has to be there, texts are cut before any is left out."""
    kept = [column for column in columns if column.id in needs.wanted]
    others = [column for column in columns if column.id not in needs.wanted]
    for column in sorted(others, key=lambda each: -each.priority):
        if _total([*kept, column], least) <= room:
            kept.append(column)
    kept.sort(key=columns.index)
    cut = {c.id: least[c.id] if c.align == "right" else min(least[c.id], LEAST_TEXT) for c in kept}
    while len(kept) > 1 and _total(kept, cut) > room:
        kept.remove(max(kept, key=lambda column: needs.wanted.index(column.id)))
    return tuple(kept)


def _total(columns: Sequence[Column[Row]], widths: Mapping[str, int]) -> int:
    return GUTTER + sum(widths[column.id] + 1 for column in columns)


def _grown(
    columns: Sequence[Column[Row]], needs: Needs, least: Mapping[str, int], room: int
) -> list[int]:
    """Spare room goes to texts in turns: to the width of each, what it asks for, all it says."""
    widths = dict(least)
    spare = room - _total(columns, least)
    steps = (lambda c: c.width, lambda c: max(c.width, c.grows_to), lambda _c: room)
    for step in steps:
        for column in columns:
            most = min(needs.contents.get(column.id, column.width), step(column))
            more = max(min(spare, most - widths[column.id]), 0)
            widths[column.id] += more
            spare -= more
    return [widths[column.id] for column in columns]


def _cut(
    columns: Sequence[Column[Row]], widths: list[int], needs: Needs, room: int
) -> tuple[int, ...]:
    """Where even what has to be there is too wide, the widest texts give; the name at last."""
    texts = [p for p, column in enumerate(columns) if column.align == "left"]
    while GUTTER + sum(width + 1 for width in widths) > room:
        wide = [p for p in texts if widths[p] > LEAST_TEXT]
        if not wide:
            break
        others = [p for p in wide if columns[p].id not in needs.wanted[:1]]
        widths[max(others or wide, key=widths.__getitem__)] -= 1
    return tuple(widths)


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
