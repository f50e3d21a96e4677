"""Letters beside the lines on screen: the next key goes to the line of its letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual import events

from tui.grid.columns import Row
from tui.grid.lines import LineLook
from tui.grid.rows import Line
from tui.grid.screen import GridScreen

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
LABELS = LETTERS + LETTERS.upper()
"""The easiest to reach first; lines beyond so many have none."""


class Jumping(GridScreen[Row]):
    """While the letters are shown, the next key means a line or, as any other, ends them."""

    _places: Mapping[str, int] = {}
    """The place of a line by its letter; empty: no letters are shown."""

    def action_jump(self) -> None:
        """Show the letters."""
        top = self.scroll_offset.y
        places = range(top, min(top + self._page, len(self._rows.lines)))
        self._label(dict(zip(LABELS, places, strict=False)))

    def on_key(self, event: events.Key) -> None:
        """Go to the line of the letter, in place of what the key does otherwise."""
        if not self._places:
            return
        event.stop()
        event.prevent_default()
        place = self._places.get(event.character or "")
        self._label({})
        if place is not None:
            self._move_to(place)

    def on_blur(self) -> None:
        """No key comes here any more."""
        self._label({})

    def _label(self, places: Mapping[str, int]) -> None:
        if places or self._places:
            self._places = places
            self.draw_again()

    def _look_of(self, line: Line[Row], place: int, is_cursor: bool) -> LineLook:
        look = super()._look_of(line, place, is_cursor)
        label = next((letter for letter, at in self._places.items() if at == place), None)
        return look if label is None else replace(look, sign=label)
