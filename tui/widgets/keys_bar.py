"""The bottom line: the keys that matter here, those that cannot work now dim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.keys.registry import NOT_HERE, Action, ByLimits, action_of

if TYPE_CHECKING:
    from tui.state.interface import Interface

WhyNot = Callable[[Action], "str | None"]


class KeysBar(Static):
    """Reads the registry, less what is not for this place; a click is a press."""

    app: Interface

    _ids: Sequence[str] = ()
    _why_not: WhyNot | None = None
    _lead: tuple[str, str] | None = None
    _shown: Sequence[Action] = ()

    class Pressed(Message):
        """A key of the bar was clicked."""

        def __init__(self, action_id: str) -> None:
            """Keep the action that was chosen."""
            super().__init__()
            self.action_id = action_id

    def show_keys(
        self, ids: Sequence[str], why_not: WhyNot, lead: tuple[str, str] | None = None
    ) -> None:
        """Write the keys of these actions, those that cannot work here and now dim.

        `lead` are keys of what is no action of a place, and what they do: they stand first.
        """
        self._ids, self._why_not, self._lead = ids, why_not, lead
        here = [a for a in map(action_of, ids) if not _is_dropped(why_not(a))]
        keyed = [action for action in self.app.user_actions if self.app.keys.shown(action)]
        own = [action for action in keyed if not _is_dropped(why_not(action))]
        self._shown = self._with_room_for(own, self._fitting(here))
        parts: list[tuple[str, str]] = []
        if lead is not None:
            parts += [(f" {lead[0]} ", "bold $text-accent"), (f"{lead[1]}  ", "")]
        for action in self._shown:
            key, name = self._words(action)
            dim = why_not(action) is not None
            parts.append((key, "dim" if dim else "bold $text-accent"))
            parts.append((name, "dim strike" if dim else ""))
            parts.append((" ", ""))
        self.update(Content.assemble(*parts), layout=False)

    def on_resize(self) -> None:
        """Another width has room for more keys, or for less."""
        if self._why_not is not None:
            self.show_keys(self._ids, self._why_not, self._lead)

    def on_click(self, event: events.Click) -> None:
        """Find the key under the pointer."""
        edge = self._lead_width
        if event.x < edge:
            return
        for action in self._shown:
            edge += self._width(action)
            if event.x < edge:
                self.post_message(self.Pressed(action.id))
                return

    def _fitting(self, actions: list[Action]) -> list[Action]:
        """Those that there is room for; the last one, help, always."""
        room = self.size.width - self._lead_width
        while len(actions) > 1 and sum(map(self._width, actions)) - 1 > room > 0:
            actions = actions[1:]
        return actions

    def _with_room_for(self, own: Sequence[Action], shown: list[Action]) -> list[Action]:
        """What is shown, and before its last as many of the user's own as fit."""
        room = self.size.width - self._lead_width - sum(map(self._width, shown)) + 1
        more: list[Action] = []
        for action in own:
            room -= self._width(action)
            if room >= 0:
                more.append(action)
        return [*shown[:-1], *more, *shown[-1:]]

    @property
    def _lead_width(self) -> int:
        return 0 if self._lead is None else sum(map(cell_len, self._lead)) + 4

    def _width(self, action: Action) -> int:
        return sum(map(cell_len, self._words(action))) + 1

    def _words(self, action: Action) -> tuple[str, str]:
        return f" {self.app.keys.shown(action)} ", f"{action.word} "


def _is_dropped(reason: str | None) -> bool:
    """Whether a key is of no use in this place, or nothing may be written by it."""
    return reason == NOT_HERE or isinstance(reason, ByLimits)
