"""A table for people: one line a row, columns at their own width, in any terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from queries.text.cells import printable

GAP = "  "
LEAST_CELLS = 30
# What a person copies into the next command, in the order in which a table is searched for it.
NAMES = ("target", "deployment", "name", "file", "id", "identity", "check", "line")
# Sentences and lists: their beginning tells something, so they are cut before a column goes.
PROSE = frozenset(
    {
        "change",
        "environment",
        "evidence",
        "finding",
        "findings",
        "later",
        "fix",
        "message",
        "model",
        "not passed",
        "override",
        "reason",
        "reasons",
        "tags",
        "known",
        "user_agent",
        "why",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A column whose cells are printable text already; `width` is that of its widest cell."""

    name: str
    title: str
    texts: Sequence[str]
    is_right: bool
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """Its columns, each in so many cells, and the names of those that there was no room for."""

    columns: Sequence[Cells]
    widths: Sequence[int]
    left_out: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def lines(self) -> Iterator[str]:
        """The heading, then a line a row, made one after another."""
        cells = zip(*(chain([each.title], each.texts) for each in self.columns), strict=True)
        rights = [column.is_right for column in self.columns]
        for line in cells:
            fitted = map(_fitted, line, self.widths, rights)
            yield GAP.join(fitted).rstrip()


def column_of(
    name: str, texts: Sequence[str], *, is_right: bool, title: str | None = None
) -> Cells:
    """The column under its title, without one its name."""
    title = printable(title or name).replace("_", " ")
    return Cells(name, title, texts, is_right, _widest(chain([title], texts)))


def laid_out(columns: Sequence[Cells], room: int | None, first_to_go: Sequence[str] = ()) -> Table:
    """The table in so many cells; None: nothing is cut.

    Where it is too wide its prose is cut, and then columns go: `first_to_go` in their order, then
    the others from the right. The column that names a row stays whole.
    """
    if room is None:
        return Table(columns, [column.width for column in columns])
    name = _name_of(columns)
    kept = _kept(columns, name, room, first_to_go)
    widths = _widths(kept, name, room)
    left_out = tuple(column.name for column in columns if column not in kept)
    is_cut = bool(left_out) or widths != [column.width for column in kept]
    return Table(kept, widths, left_out, is_cut)


def _name_of(columns: Sequence[Cells]) -> Cells:
    by_name = {column.name: column for column in columns}
    return next((by_name[name] for name in NAMES if name in by_name), columns[0])


def _kept(
    columns: Sequence[Cells], name: Cells, room: int, first_to_go: Sequence[str]
) -> list[Cells]:
    """The name and what fits beside it, by weight; once a column went, no prose comes after it."""
    kept, has_gone = [name], False
    for column in reversed(_going(columns, name, first_to_go)):
        least = [_least(each, name) for each in (*kept, column)]
        if _total(least) > room or (has_gone and column.name in PROSE):
            has_gone = True
        else:
            kept.append(column)
    return [column for column in columns if column in kept]


def _going(columns: Sequence[Cells], name: Cells, first_to_go: Sequence[str]) -> list[Cells]:
    by_name = {column.name: column for column in columns}
    first = [by_name[each] for each in first_to_go if each in by_name]
    others = [column for column in reversed(columns) if column not in first]
    return [column for column in (*first, *others) if column is not name]


def _least(column: Cells, name: Cells) -> int:
    is_prose = column.name in PROSE and column is not name
    return min(column.width, LEAST_CELLS) if is_prose else column.width


def _widths(columns: Sequence[Cells], name: Cells, room: int) -> list[int]:
    """The widths in so many cells: the widest prose is cut first."""
    widths = [column.width for column in columns]
    least = [_least(column, name) for column in columns]
    while (over := _total(widths) - room) > 0:
        place = max(range(len(widths)), key=lambda at: widths[at] - least[at])
        if widths[place] == least[place]:
            break
        widths[place] = max(widths[place] - over, least[place])
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _fitted(text: str, width: int, is_right: bool) -> str:
    """The text in exactly so many cells, cut with `…`."""
    length = _cells_in(text)
    if length > width:
        from rich.cells import set_cell_size

        text = set_cell_size(text, width - 1).rstrip() + "…"
        length = _cells_in(text)
    padding = " " * (width - length)
    return padding + text if is_right else text + padding


def _widest(texts: Iterable[str]) -> int:
    return max(map(_cells_in, texts))


def _cells_in(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
