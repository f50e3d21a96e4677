"""Every place of the interface, once: its name, how it is called, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tui.state.history import Address

if TYPE_CHECKING:
    from tui.places.place import Place


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """One place. `module:name` is made when it is first opened, with the address it is opened by.

    `names` are what else may be typed for it after a colon; `key` leads there from everywhere.
    """

    id: str
    title: str
    made_by: str
    names: tuple[str, ...] = ()
    key: str = ""

    def open(self, address: Address) -> Place:
        """A screen of it."""
        module, _, name = self.made_by.partition(":")
        make: Callable[[Address], Place] = getattr(import_module(module), name)
        return make(address)

    def is_called(self, word: str) -> bool:
        """Whether a typed word, or its beginning, means this place."""
        return any(name.startswith(word.casefold()) for name in (self.id, *self.names))


_SCREENS = "tui.places."
PLACES: tuple[PlaceInfo, ...] = (
    PlaceInfo("deployments", "Deployments", f"{_SCREENS}deployments:Deployments", ("home",)),
    PlaceInfo("endpoints", "Endpoints", f"{_SCREENS}endpoints:Endpoints", ("ep",), "E"),
    PlaceInfo("workspaces", "Workspaces", f"{_SCREENS}gatherings:Workspaces", ("ws",), "W"),
    PlaceInfo("subscriptions", "Subscriptions", f"{_SCREENS}gatherings:Subscriptions", ("subs",)),
    PlaceInfo("owners", "Owners", f"{_SCREENS}gatherings:Owners", (), "O"),
    PlaceInfo("money", "Money", f"{_SCREENS}money:Money", ("cost", "bill"), "M"),
    PlaceInfo("findings", "Findings", f"{_SCREENS}findings:Findings", (), "N"),
    PlaceInfo("journal", "Journal", f"{_SCREENS}journal:Journal", ("log",), "B"),
    PlaceInfo("archives", "Archives", f"{_SCREENS}archives:Archives", ("restore",), "A"),
    PlaceInfo("snapshots", "Snapshots", f"{_SCREENS}snapshots:Snapshots", ("history",), "S"),
    PlaceInfo("diff", "Changes", f"{_SCREENS}diff:Diff", ("changes",)),
    PlaceInfo("holes", "Holes", f"{_SCREENS}read_errors:Holes", ("errors",), "H"),
    PlaceInfo("doctor", "Doctor", f"{_SCREENS}doctor:Doctor", ("check",), "D"),
)


def place_of(place_id: str) -> PlaceInfo:
    """The place of an id."""
    return next(place for place in PLACES if place.id == place_id)


def title_of(address: Address) -> str:
    """What the crumb of an address says."""
    return address.scope.title if address.scope is not None else place_of(address.place).title
