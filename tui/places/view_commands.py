"""Saved views in the palette: `view: Idle by money`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from tui.places.deployments import Deployments
from tui.places.named_command import NamedCommand
from tui.places.place import Place
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.views.preferences import SavedView


def view_commands(place: object) -> Iterator[NamedCommand]:
    """A command for each saved view; none where it is no place."""
    if not isinstance(place, Place):
        return
    for view in place.app.saved_views:
        key = "" if view.key is None else f"key {view.key}: "
        help_text = f"{key}{harmless(view.filter) or 'everything'}"
        take = partial(_take, place, view)
        yield NamedCommand(place, f"view: {harmless(view.name)}", help_text, take)


def _take(place: Place, view: SavedView) -> None:
    (place if isinstance(place, Deployments) else place.app.go_home()).take(view)
