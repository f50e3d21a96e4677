"""What less it could run on, or why not, and what scales it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queries.money.sizing_words import autoscale_line, load_lines, saving_lines
from tui.details.parts import MUTED, lines, section
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from tui.state.estate import Details


def sizes(details: Details, width: int) -> Parts:
    """The ways first, then what they rest on; nothing where it holds no instances of its own."""
    if details.sizing is None:
        return []
    settings = [f"autoscale {autoscale_line(one)}" for one in details.autoscale]
    body = [
        *lines(saving_lines(details.sizing), width),
        *lines(settings or ["no autoscale setting was seen"], width),
        *lines(load_lines(details.sizing), width, MUTED),
    ]
    return section("would less do?", body, width)
