"""Keys in their order: each is given out when all that the one before it set off has happened.

Textual gives a key to what has the focus as it is read. What is typed right behind a key that moves
the focus, opens a dialog or closes one would go to what had the keyboard before: the text of a
filter would run shortcuts of the table, and the shortcut after it would be text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode

LOOK_SECONDS = 0.002
LONGEST_WAIT_SECONDS = 0.5
"""A key waits no longer, whatever is still going on."""

Typed = events.Key | events.Paste


class TypedAhead:
    """Holds back what is typed while a key before it is still on its way through the screen.

    A key goes from what has the focus up to the application, and so do the messages that it leads
    to: as long as one of these has something to do, the next key waits.
    """

    def __init__(self, app: App[Any], give_out: Callable[[Typed], Awaitable[None]]) -> None:
        """Nothing was typed yet; `give_out` lets the application have a key."""
        self._app, self._give_out = app, give_out
        self._held: deque[Typed] = deque()
        self._waits_since = 0.0
        self._last: DOMNode | None = None

    async def take(self, typed: Typed) -> None:
        """Give it out now, or in its turn."""
        if not self._held and not self._is_on_its_way:
            await self._give(typed)
            return
        self._held.append(typed)
        if len(self._held) == 1:
            self._wait()

    async def _give(self, typed: Typed) -> None:
        self._last = self._receiver
        await self._give_out(typed)

    def _wait(self) -> None:
        self._waits_since = monotonic()
        self._app.set_timer(LOOK_SECONDS, self._go_on)

    async def _go_on(self) -> None:
        if self._is_on_its_way and monotonic() - self._waits_since < LONGEST_WAIT_SECONDS:
            self._app.set_timer(LOOK_SECONDS, self._go_on)
            return
        await self._give(self._held.popleft())
        if self._held:
            self._wait()

    @property
    def _receiver(self) -> DOMNode:
        return self._app.focused or self._app.screen

    @property
    def _is_on_its_way(self) -> bool:
        """Whether something on the way of the last key, or of the next, has messages to come."""
        ways = (node.ancestors_with_self for node in (self._last, self._receiver) if node)
        return any(node.message_queue_size for way in ways for node in way)
