"""The palette: every action of the registry by its name."""

from __future__ import annotations

from collections.abc import Callable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.registry import ACTIONS, Action
from tui.screens.place import Place


class RegistryCommands(Provider):
    """Offers what applies now in full, and what does not with its reason."""

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for action in self._offered():
            yield DiscoveryHit(_name(action), self._runner(action), help=self._help(action))

    async def search(self, query: str) -> Hits:
        """What matches the typed words."""
        matcher = self.matcher(query)
        for action in self._offered():
            if (score := matcher.match(_name(action))) > 0:
                shown = matcher.highlight(_name(action))
                yield Hit(score, shown, self._runner(action), help=self._help(action))

    def _offered(self) -> list[Action]:
        place = self.screen
        if not isinstance(place, Place):
            return []
        hidden = ("palette", *(f"view_{digit}" for digit in range(1, 10)))
        return [a for a in ACTIONS if a.group != "Move" and a.id not in hidden]

    def _runner(self, action: Action) -> Callable[[], None]:
        place = self.screen
        assert isinstance(place, Place)
        return lambda: place.start(action)

    def _help(self, action: Action) -> str:
        place = self.screen
        assert isinstance(place, Place)
        reason = action.why_not(place.situation())
        return f"key {place.app.keys.shown(action)}" if reason is None else f"not now: {reason}"


def _name(action: Action) -> str:
    return f"{action.group.lower()}: {action.title}"
