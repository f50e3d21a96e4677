"""A command of the palette: how it is called, what stands beside it, and how it is run and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit
from textual.content import Content

from tui.views.kept_history import COMMANDS

if TYPE_CHECKING:
    from textual.fuzzy import Matcher

    from tui.places.place import Place


@dataclass(frozen=True, slots=True)
class NamedCommand:
    """`typed` is what it is kept as, and found by again; empty: its name."""

    place: Place
    name: str
    help: str
    run: Callable[[], object]
    typed: str = ""

    def run_and_keep(self) -> None:
        """Run it, and keep it as the newest of those that were run."""
        try:
            self.place.app.views.history.add(COMMANDS, self.typed or self.name)
        except OSError as error:
            text = f"this command is not kept for the next time: {error}"
            self.place.app.notify(text, severity="warning", markup=False)
        self.run()

    def found_by(self, matcher: Matcher) -> Hit | None:
        """What the palette offers where typed words match; None: they do not."""
        score = matcher.match(self.name)
        if score <= 0:
            return None
        return Hit(score, matcher.highlight(self.name), self.run_and_keep, help=self.help)

    def offered(self, before: str = "") -> DiscoveryHit:
        """What the palette offers before a word is typed."""
        shown = Content(f"{before}{self.name}")
        return DiscoveryHit(shown, self.run_and_keep, self.name, self.help)
