"""The palette: every action, view and column by its name, every place with a filter for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, islice

from textual.command import Hit, Hits, Provider
from textual.content import Content

from tui.keys.places import PLACES
from tui.places.column_commands import column_commands
from tui.places.named_command import NamedCommand
from tui.places.place import Place
from tui.places.view_commands import view_commands
from tui.state.history import Address
from tui.views.kept_history import COMMANDS
from tui.words.untrusted import harmless

# A place that is named outright stands before whatever else the letters might mean.
FIRST = 1000.0
MOST_AGAIN = 7


class EveryCommand(Provider):
    """Offers what applies now in full, and what does not with its reason."""

    async def discover(self) -> Hits:
        """What was run before, the newest first; then everything but the many columns."""
        place = self.screen
        for command in islice(recent_commands(place), MOST_AGAIN):
            yield command.offered("again: ")
        for command in chain(action_commands(place), view_commands(place)):
            yield command.offered()

    async def search(self, query: str) -> Hits:
        """What matches the typed words."""
        for command in place_commands(self.screen, query):
            name = Content(command.name)
            yield Hit(FIRST, name, command.run_and_keep, help=command.help)
        matcher = self.matcher(query)
        for command in every_command(self.screen):
            if (hit := command.found_by(matcher)) is not None:
                yield hit


def every_command(place: object) -> Iterator[NamedCommand]:
    """Actions, views and columns."""
    return chain(action_commands(place), view_commands(place), column_commands(place))


def recent_commands(place: object) -> Iterator[NamedCommand]:
    """What was run before, as far as it can be run here."""
    if not isinstance(place, Place):
        return
    by_name = {command.name: command for command in every_command(place)}
    for typed in reversed(place.app.views.history.read(COMMANDS)):
        command = by_name.get(typed) or next(place_commands(place, typed), None)
        if command is not None:
            yield command


def action_commands(place: object) -> Iterator[NamedCommand]:
    """Every action of a place, the user's own commands too; none where it is no place."""
    if not isinstance(place, Place):
        return
    for action in place.app.actions:
        if action.group == "Move" or action.digit is not None or action.id == "palette":
            continue
        reason, shown = place.why_not(action), place.app.keys.shown(action)
        text = f"not now: {reason}" if reason else f"key {shown}" if shown else ""
        name = f"{action.group.lower()}: {action.title}"
        yield NamedCommand(place, name, text, partial(place.start, action))


def place_commands(place: object, query: str) -> Iterator[NamedCommand]:
    """`ws churn`: the workspaces, filtered by what follows the place's name."""
    word, _, rest = query.strip().partition(" ")
    if not isinstance(place, Place) or not word or not rest:
        return
    for found in PLACES:
        if found.is_called(word):
            jump = partial(place.app.jump, Address(found.id, filter=rest))
            name = f"go: {found.title.lower()} that say {harmless(rest)}"
            help_text, typed = f"filter {harmless(rest)}", f"{found.id} {rest}"
            yield NamedCommand(place, name, help_text, jump, typed)
