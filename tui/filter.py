"""What is typed into the filter bar: words that must all occur, and `!words` that must not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from tui.columns import Column

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Filter:
    """Words by substring and without case; empty lets everything through."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def lets_through(self, haystack: str) -> bool:
        """Whether a row shows, by its haystack."""
        return all(word in haystack for word in self.wanted) and not any(
            word in haystack for word in self.unwanted
        )

    def __bool__(self) -> bool:
        """Whether it can hide anything."""
        return bool(self.wanted or self.unwanted)


def parsed(typed: str) -> Filter:
    """The filter that the typed words mean; a lone `!` is a word yet to come."""
    words = typed.casefold().split()
    return Filter(
        wanted=tuple(word for word in words if not word.startswith("!")),
        unwanted=tuple(word[1:] for word in words if word.startswith("!") and len(word) > 1),
    )


def haystack(row: Row, columns: Iterable[Column[Row]]) -> str:
    """What the words of a filter are looked for in: all cells of the row, folded.

    Cells are kept apart by a character that cannot be typed into one word.
    """
    return "\n".join(column.text(row) for column in columns).casefold()
