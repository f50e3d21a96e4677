"""Which rows of a grid are marked: by key, so that no sort, filter or refresh moves a mark."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator


class GridMarks:
    """Keys in the order in which they were marked."""

    def __init__(self) -> None:
        """None yet."""
        self._keys: dict[str, None] = {}
        self._last: str | None = None
        self.changes = 0
        """How often they changed: whoever keeps what follows from them asks for it."""

    def __contains__(self, key: str) -> bool:
        """Whether the row of a key is marked."""
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        """The keys in order."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._keys)

    def toggle(self, keys: Collection[str]) -> None:
        """Mark them all; if they all are, none of them."""
        self.changes += 1
        if all(key in self._keys for key in keys):
            gone = set(keys)
            self._keys = {key: None for key in self._keys if key not in gone}
        else:
            self.add(keys)

    def add(self, keys: Iterable[str]) -> None:
        """Mark them."""
        self.changes += 1
        self._keys |= dict.fromkeys(keys)
        self._last = next(reversed(self._keys), None)

    def extend(self, order: list[str], key: str) -> None:
        """Mark all that lies between the last mark and this key, in the order that is shown."""
        last = self._last if self._last in order else key
        assert last is not None
        first, end = sorted((order.index(last), order.index(key)))
        self.add(order[first : end + 1])
        self._last = key

    def clear(self) -> None:
        """Take all away."""
        self.changes += 1
        self._keys.clear()
        self._last = None

    def keep(self, keys: Collection[str]) -> None:
        """Marks of what is gone end."""
        self.changes += 1
        self._keys = {key: None for key in self._keys if key in keys}
