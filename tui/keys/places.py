"""Every place of the interface by name: how it is called, and the key that leads there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """One place. `names` are what else may be typed for it after a colon.

    `key` leads there from everywhere.
    """

    id: str
    title: str
    names: tuple[str, ...] = ()
    key: str = ""

    def is_called(self, word: str) -> bool:
        """Whether a typed word, or its beginning, means this place."""
        return any(name.startswith(word.casefold()) for name in (self.id, *self.names))


PLACES: tuple[PlaceInfo, ...] = (
    PlaceInfo("deployments", "Deployments", ("home",)),
    PlaceInfo("endpoints", "Endpoints", ("ep",), "E"),
    PlaceInfo("workspaces", "Workspaces", ("ws",), "W"),
    PlaceInfo("subscriptions", "Subscriptions", ("subs",)),
    PlaceInfo("owners", "Owners", (), "O"),
    PlaceInfo("money", "Money", ("cost", "bill"), "M"),
    PlaceInfo("findings", "Findings", (), "N"),
    PlaceInfo("journal", "Journal", ("log",), "B"),
    PlaceInfo("archives", "Archives", ("restore",), "A"),
    PlaceInfo("snapshots", "Snapshots", ("history",), "S"),
    PlaceInfo("diff", "Changes", ("changes",)),
    PlaceInfo("holes", "Read errors", ("errors",), "H"),
    PlaceInfo("doctor", "Doctor", ("check",), "D"),
)


def place_of(place_id: str) -> PlaceInfo:
    """The place of an id."""
    return next(place for place in PLACES if place.id == place_id)
