"""The raw resources of a collection, packed as they come: whole, they outweigh all else of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

from collectors.records import RawResource, key_of

RESOURCES_A_PACK = 500
# The quickest: packs of so many alike resources shrink to a twentieth by it.
_LEVEL = 1


class PackedResources:
    """Raw resources; of one that comes twice, the later body counts, once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._packs: list[bytes] = []
        self._open: dict[str, RawResource] = {}
        self._pack_of: dict[str, int] = {}
        self._outdated: set[tuple[int, str]] = set()
        self._count = 0

    def __len__(self) -> int:
        """How many different resources there are."""
        return self._count

    def __contains__(self, resource: object) -> bool:
        """Whether this resource is there, with this body."""
        return any(resource == one for one in self)

    def __iter__(self) -> Iterator[RawResource]:
        """Every resource, unpacked a few at a time."""
        for number, pack in enumerate(self._packs):
            for resource_id, body in json.loads(zlib.decompress(pack)):
                if (number, key_of(resource_id)) not in self._outdated:
                    yield RawResource(resource_id, body)
        yield from self._open.values()

    def add(self, key: str, resource: RawResource) -> None:
        """Take one more, by its key."""
        self._note(key, len(self._packs))
        self._open[key] = resource
        if len(self._open) >= RESOURCES_A_PACK:
            self._pack()

    def take(self, others: PackedResources) -> None:
        """Take over what another collection holds; of what both hold, the other's is the later."""
        self._pack()
        others._pack()
        before = len(self._packs)
        for key, number in others._pack_of.items():
            self._note(key, before + number)
        self._outdated |= {(before + number, key) for number, key in others._outdated}
        self._packs += others._packs

    def close(self) -> None:
        """Take no more: the keys, which tell what comes again, are let go."""
        self._pack()
        self._pack_of = {}

    def _note(self, key: str, number: int) -> None:
        earlier = self._pack_of.get(key)
        if earlier is None:
            self._count += 1
        elif earlier != number:
            self._outdated.add((earlier, key))
        self._pack_of[key] = number

    def _pack(self) -> None:
        if self._open:
            found = [(one.id, one.body) for one in self._open.values()]
            self._packs.append(zlib.compress(json.dumps(found).encode(), _LEVEL))
            self._open = {}
