"""Long texts that share their beginnings, such as ids: each beginning and each end is kept once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar, overload

Value = TypeVar("Value")


class Numbers(dict[Value, int]):
    """Values with their numbers; a new value gets the next one."""

    def __missing__(self, value: Value) -> int:
        """Number a value."""
        number = self[value] = len(self)
        return number


class Joined(Sequence[str]):
    """Texts by their places; what ends with the last `/` is the beginning."""

    def __init__(self) -> None:
        """No text yet."""
        self.heads, self.tails = Numbers[str](), Numbers[str]()
        self.head_numbers, self.tail_numbers = array("I"), array("I")
        self._heads: list[str] = []
        self._tails: list[str] = []

    def extend(self, texts: Iterable[str]) -> None:
        """Add texts at the end."""
        for text in texts:
            end = text.rfind("/") + 1
            self.head_numbers.append(self.heads[text[:end]])
            self.tail_numbers.append(self.tails[text[end:]])
        self._heads += list(self.heads)[len(self._heads) :]
        self._tails += list(self.tails)[len(self._tails) :]

    def __len__(self) -> int:
        """How many texts."""
        return len(self.head_numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """The text at a place."""
        if isinstance(place, slice):
            return [self[n] for n in range(len(self))[place]]
        return self._heads[self.head_numbers[place]] + self._tails[self.tail_numbers[place]]

    def __iter__(self) -> Iterator[str]:
        """All texts."""
        heads, tails = self._heads, self._tails
        pairs = zip(self.head_numbers, self.tail_numbers, strict=True)
        return (heads[head] + tails[tail] for head, tail in pairs)


class PlacesOf(Mapping[str, int]):
    """The place of each of these texts, of which no two are equal."""

    def __init__(self, texts: Joined) -> None:
        """Order the places by the beginnings of their texts."""
        self._texts = texts
        numbers = texts.head_numbers
        self._by_head = array("I", sorted(range(len(texts)), key=numbers.__getitem__))
        counts = array("I", bytes(4 * (len(texts.heads) + 1)))
        for number in numbers:
            counts[number + 1] += 1
        self._starts = array("I", accumulate(counts))

    def __len__(self) -> int:
        """How many texts."""
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        """The texts in the order of their places."""
        return iter(self._texts)

    def __getitem__(self, text: str) -> int:
        """The place of a text; KeyError where there is none."""
        end = text.rfind("/") + 1
        head, tail = self._texts.heads.get(text[:end]), self._texts.tails.get(text[end:])
        if head is None or tail is None:
            raise KeyError(text)
        for place in self._by_head[self._starts[head] : self._starts[head + 1]]:
            if self._texts.tail_numbers[place] == tail:
                return place
        raise KeyError(text)
