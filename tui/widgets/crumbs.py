"""The line that tells where one is; a click on a crumb goes there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

from tui.keys.places import place_of
from tui.state.history import HOME, Address, Route
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.state.interface import Interface

BETWEEN = " › "


class Crumbs(Static):
    """From the home to the place shown, which is the last and bold; empty at home."""

    app: Interface
    path: Route = (HOME,)

    def show_path(self, path: Route) -> None:
        """Write the crumbs of a path."""
        self.path = path
        parts: list[tuple[str, str]] = [(" ", "")]
        for place, title in enumerate(self._titles()):
            is_last = place == len(path) - 1
            parts.append((title, "bold" if is_last else "underline"))
            parts.append(("" if is_last else BETWEEN, "$text-muted"))
        self.update(Content.assemble(*parts))
        self.set_class(len(path) > 1, "-shown")

    def on_click(self, event: events.Click) -> None:
        """Go to the crumb under the pointer."""
        edge = 1
        for place, title in enumerate(self._titles()):
            edge += cell_len(title) + len(BETWEEN)
            if event.x < edge:
                self.app.go_to_path(self.path[: place + 1])
                return

    def _titles(self) -> Iterator[str]:
        return (harmless(_title_of(address)) for address in self.path)


def _title_of(address: Address) -> str:
    return address.scope.title if address.scope is not None else place_of(address.place).title
