"""Keys that were typed before the keyboard had moved: they are for what has it now.

Textual gives a key to what has the focus as it is read. What is typed right after a key that moves
the focus lies in the queue of what had it before by then: the text of a filter would run shortcuts
of the table.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from textual import events
from textual.widget import Widget


class TypedAhead:
    """Knows for whom each key was that nobody has taken yet."""

    def __init__(self) -> None:
        """No key was typed yet."""
        self._given_to: WeakKeyDictionary[events.Key, Widget | None] = WeakKeyDictionary()

    def note(self, key: events.Key, focused: Widget | None) -> None:
        """A key goes to what has the focus."""
        self._given_to[key] = focused

    def is_late(self, key: events.Key, focused: Widget | None) -> bool:
        """Whether a key that was not taken was for something that no longer has the focus."""
        return self._given_to.get(key, focused) is not focused
