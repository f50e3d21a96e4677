"""What is on the terminal already is not sent again.

Textual sends every line of a widget that was refreshed, and of all widgets that a layout moved: a
key that changes two lines of a table and ten of the pane beside it costs the whole screen. Here
the cells that it would write are compared with those that it wrote. Links, which the interface has
none of, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

_Piece = tuple[int, int, Strip]
"""Column, line, and what is written there."""
_Cell = tuple[str, str]
"""The numbers of its look, and its text; empty: the one before it is wide."""
_PART = re.compile(r"\x1b\[([0-9;]*)m|([^\x1b]+)")
# Moving the cursor costs more than writing so many cells again.
_GAP = 8


class Drawn:
    """The cells that were written, by line; None: nobody knows what is there."""

    def __init__(self) -> None:
        """Nothing is known of the terminal."""
        self._lines: dict[int, list[_Cell | None]] = {}

    def forget(self) -> None:
        """Send all that comes next: the terminal may show something else by now."""
        self._lines.clear()

    def lightened(self, update: Any) -> Any:
        """The same update without what is there already; a whole screen is sent as it is."""
        if isinstance(update, (ChopsUpdate, LayoutUpdate)):
            return _Light(update, self)
        self.forget()
        return update

    def sequence(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """What is to be sent for an update."""
        if isinstance(update, LayoutUpdate):
            self.forget()
        pieces = _pieces(update)
        return "".join(self._send(x, y, strip, console) for x, y, strip in pieces)

    def _send(self, x: int, y: int, strip: Strip, console: Console) -> str:
        cells = _cells_of(strip.render(console))
        line = self._lines.setdefault(y, [])
        line += [None] * (x + len(cells) - len(line))
        before = line[x : x + len(cells)]
        line[x : x + len(cells)] = cells
        return "".join(
            f"\x1b[{y + 1};{x + start + 1}H{_written(cells[start:end])}"
            for start, end in _changes(before, cells)
        )


def _cells_of(text: str) -> list[_Cell]:
    """What a terminal is sent, cell by cell."""
    cells: list[_Cell] = []
    look = ""
    for code, words in _PART.findall(text):
        if not words:
            look = "" if code == "0" else code
        elif words.isascii():
            cells += [(look, each) for each in words]
        else:
            for each in words:
                width = cell_len(each)
                if width:
                    cells += [(look, each), *[(look, "")] * (width - 1)]
                elif cells:
                    cells[-1] = (cells[-1][0], cells[-1][1] + each)
    return cells


def _changes(before: Sequence[_Cell | None], cells: Sequence[_Cell]) -> Iterator[tuple[int, int]]:
    """From where to where cells differ; what lies close together is one."""
    places = [n for n, (old, new) in enumerate(zip(before, cells, strict=True)) if old != new]
    start = 0
    for n, place in enumerate(places):
        if n + 1 == len(places) or places[n + 1] - place > _GAP:
            yield places[start], place + 1
            start = n + 1


def _written(cells: Sequence[_Cell]) -> str:
    parts = []
    for look, alike in groupby(cells, itemgetter(0)):
        parts.append(f"\x1b[0{';' * bool(look)}{look}m" + "".join(text for _look, text in alike))
    return "".join(parts) + "\x1b[0m"


class _Light(CompositorUpdate):
    """An update that is compared when it is written, and not before: some never are."""

    def __init__(self, update: ChopsUpdate | LayoutUpdate, drawn: Drawn) -> None:
        self._update, self._drawn = update, drawn

    def render_segments(self, console: Console) -> str:
        """What the terminal gets."""
        return self._drawn.sequence(self._update, console)


def _pieces(update: ChopsUpdate | LayoutUpdate) -> Iterator[_Piece]:
    return _of_screen(update) if isinstance(update, LayoutUpdate) else _of_part(update)


def _of_screen(update: LayoutUpdate) -> Iterator[_Piece]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield x, y, strip
            x += strip.cell_length


def _of_part(update: ChopsUpdate) -> Iterator[_Piece]:
    """As the update itself goes through its pieces; one that begins before its span is whole."""
    for y, start, end in update.spans:
        ends = update.chop_ends[y]
        for piece_end, (x, strip) in zip(ends, update.chops[y].items(), strict=False):
            if strip is None or x > end or piece_end <= start:
                continue
            is_within = start <= x < end and piece_end <= end
            yield x, y, strip if is_within else strip.crop(0, min(piece_end, end) - x)
