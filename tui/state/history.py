"""Where a person is and has been: places within places, back and forth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RowScope:
    """The part of the deployments whose `field` has this value; `title` is what people read.

    A frozenset is several values, any of which counts.
    """

    field: str
    value: Any
    title: str

    @property
    def values(self) -> frozenset[Any]:
        """Each value that counts."""
        return self.value if isinstance(self.value, frozenset) else frozenset([self.value])


@dataclass(frozen=True, slots=True)
class Address:
    """A place by its id, narrowed to a scope, with the filter that it opens with."""

    place: str
    scope: RowScope | None = None
    filter: str = ""


HOME = Address("deployments")
Route = tuple[Address, ...]


class NavigationHistory:
    """The paths that were visited, and which of them is shown. A path begins at the home."""

    def __init__(self) -> None:
        """At home."""
        self._visited: list[Route] = [(HOME,)]
        self._at = 0

    @property
    def path(self) -> Route:
        """Where one is."""
        return self._visited[self._at]

    def visit(self, path: Sequence[Address]) -> Route:
        """Go somewhere; what lay ahead is forgotten."""
        if tuple(path) != self.path:
            del self._visited[self._at + 1 :]
            self._visited.append(tuple(path))
            self._at += 1
        return self.path

    def back(self) -> Route:
        """To where one was before; stays where there was nothing before."""
        self._at = max(self._at - 1, 0)
        return self.path

    def forth(self) -> Route:
        """To where one went back from; stays where one never went back."""
        self._at = min(self._at + 1, len(self._visited) - 1)
        return self.path


def shared_length(one: Route, other: Route) -> int:
    """How many places two paths have in common, from the home on."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
