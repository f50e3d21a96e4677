"""Saved views in the palette: `view: Idle by money`."""

from __future__ import annotations

from collections.abc import Callable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.places.deployments import Deployments
from tui.places.place import Place
from tui.views.preferences import SavedView
from tui.words.untrusted import harmless


class ViewCommands(Provider):
    """Every saved view, those without a digit too; a place without views leads to the home's."""

    async def discover(self) -> Hits:
        """All, before a word is typed."""
        for view in self._views():
            yield DiscoveryHit(_name(view), self._taker(view), help=_help(view))

    async def search(self, query: str) -> Hits:
        """What matches the typed words."""
        matcher = self.matcher(query)
        for view in self._views():
            if (score := matcher.match(_name(view))) > 0:
                shown = matcher.highlight(_name(view))
                yield Hit(score, shown, self._taker(view), help=_help(view))

    def _views(self) -> tuple[SavedView, ...]:
        place = self.screen
        return place.app.saved_views if isinstance(place, Place) else ()

    def _taker(self, view: SavedView) -> Callable[[], None]:
        place = self.screen
        assert isinstance(place, Place)

        def take() -> None:
            (place if isinstance(place, Deployments) else place.app.go_home()).take(view)

        return take


def _name(view: SavedView) -> str:
    return f"view: {harmless(view.name)}"


def _help(view: SavedView) -> str:
    key = "" if view.key is None else f"key {view.key}: "
    return f"{key}{harmless(view.filter) or 'everything'}"
