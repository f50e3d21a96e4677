"""Words broken into lines by terminal cells, the later lines indented under the first."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len, chop_cells

# Texts with the style of each, and what makes them for a width in cells.
Parts = list[tuple[str, str]]
Rendering = Callable[[int], Parts]


def hanging(text: str, width: int, indent: int) -> str:
    """The text for a place `indent` cells from the left of so many; no newline at its end."""
    room = max(width - indent, 8)
    return ("\n" + " " * indent).join(wrapped(text, room))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells; a word that is longer is broken."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
            continue
        pieces = chop_cells(word, width) or [""]
        if lines[-1] or len(lines) > 1:
            lines += pieces
        else:
            lines = pieces
    return lines
