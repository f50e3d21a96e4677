"""The palette: every action by its name, every place with a filter for it, every column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.keys.places import PLACES
from tui.keys.registry import Action
from tui.places.place import Place
from tui.state.history import Address
from tui.words.untrusted import harmless

# A place that is named outright stands before whatever else the letters might mean.
FIRST = 1000.0


class RegistryCommands(Provider):
    """Offers what applies now in full, and what does not with its reason."""

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for action in self._offered():
            yield DiscoveryHit(_name(action), self._runner(action), help=self._help(action))

    async def search(self, query: str) -> Hits:
        """What matches the typed words."""
        for hit in self._places(query):
            yield hit
        matcher = self.matcher(query)
        for action in self._offered():
            if (score := matcher.match(_name(action))) > 0:
                shown = matcher.highlight(_name(action))
                yield Hit(score, shown, self._runner(action), help=self._help(action))

    def _places(self, query: str) -> Iterator[Hit]:
        """`ws churn`: the workspaces, filtered by what follows the place's name."""
        word, _, rest = query.strip().partition(" ")
        for place in PLACES if word else ():
            if place.is_called(word) and rest:
                address = Address(place.id, filter=rest)
                jump = partial(self._place().app.jump, address)
                name = f"go: {place.title.lower()} that say {harmless(rest)}"
                yield Hit(FIRST, Content(name), jump, help=f"filter {harmless(rest)}")

    def _place(self) -> Place:
        place = self.screen
        assert isinstance(place, Place)
        return place

    def _offered(self) -> list[Action]:
        place = self.screen
        if not isinstance(place, Place):
            return []
        every = place.app.actions
        return [a for a in every if a.group != "Move" and a.digit is None and a.id != "palette"]

    def _runner(self, action: Action) -> Callable[[], None]:
        return partial(self._place().start, action)

    def _help(self, action: Action) -> str:
        reason = self._place().why_not(action)
        if reason is not None:
            return f"not now: {reason}"
        shown = self._place().app.keys.shown(action)
        return f"key {shown}" if shown else ""


def _name(action: Action) -> str:
    return f"{action.group.lower()}: {action.title}"
