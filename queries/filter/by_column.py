"""A filter asked of rows that are kept by column: each term once for each value of what it reads.

What a term means stands in `queries.filter.terms` alone: here its test is given values in place of
rows. The answers of all rows are the bytes of one number, so that `and` and `or` of two terms are
`&` and `|` of their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from queries.estate.packed import Column, PackedRows
from queries.filter.parser import Filter
from queries.filter.terms import (
    TEXT_READS,
    Either,
    Every,
    Not,
    Pattern,
    Term,
    TextOf,
    Word,
    text_of,
)

HIDES, UNKNOWN, SHOWS = 0b00, 0b01, 0b11
_ANSWERS = {False: HIDES, None: UNKNOWN, True: SHOWS}
_FOUND = bytes([HIDES, SHOWS]) + bytes(254)
_OPPOSITE = bytes([SHOWS, UNKNOWN, 0, HIDES]) + bytes(252)


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, to be asked of one row or of all."""

    meant: Filter
    get_text: TextOf = text_of

    def __call__(self, row: Any) -> bool | None:
        """Whether a row shows; None: not known."""
        return self.meant.test(self.get_text)(row)

    def of_all(self, rows: Sequence[Any]) -> bytes:
        """The answer of each row, one byte each: SHOWS, HIDES or UNKNOWN."""
        return self._of_all(self.meant, rows)

    def blame(self, rows: Sequence[Any]) -> list[tuple[str, int]]:
        """Each part with how many of the rows it alone would show: what hid everything."""
        parts = (replace(self.meant, text=part[0], parts=(part,)) for part in self.meant.parts)
        return [(part.text, self._of_all(part, rows).count(SHOWS)) for part in parts]

    def _of_all(self, meant: Filter, rows: Sequence[Any]) -> bytes:
        if isinstance(rows, PackedRows):
            whole = Every(tuple(term for _text, term in meant.parts))
            return _number(whole, rows).to_bytes(len(rows), "little")
        return answers_of(meant.test(self.get_text), rows)


def answers_of(test: Callable[[Any], bool | None], rows: Sequence[Any]) -> bytes:
    """The answer of each row by a test of one."""
    return bytes([_ANSWERS[test(row)] for row in rows])


def _number(term: Term, rows: PackedRows) -> int:
    if isinstance(term, Every):
        return reduce(and_, (_number(each, rows) for each in term.terms))
    if isinstance(term, Either):
        return reduce(or_, (_number(each, rows) for each in term.terms))
    if isinstance(term, Not):
        opposite = _bytes(term.term, rows).translate(_OPPOSITE)
        return int.from_bytes(opposite, "little")
    return int.from_bytes(_bytes(term, rows), "little")


def _bytes(term: Term, rows: PackedRows) -> bytes:
    if isinstance(term, (Every, Either, Not)):
        return _number(term, rows).to_bytes(len(rows), "little")
    if isinstance(term, Word):
        column = texts_of(rows)
        return _by_row(
            bytes([term.text in text for text in column.values]).translate(_FOUND), column
        )
    if isinstance(term, Pattern):
        return _spread(term.test(_as_it_is), texts_of(rows))
    field = term.field
    of_value: Term = replace(term, field=replace(field, read=_as_it_is))
    return _spread(of_value.test(_as_it_is), rows.evaluated(field.read, field.reads))


def texts_of(rows: PackedRows) -> Column:
    """The text of each row in which words are looked for."""
    return rows.evaluated(text_of, TEXT_READS)


def _spread(test: Callable[[Any], bool | None], column: Column) -> bytes:
    """The answer of each row by that of its value."""
    return _by_row(answers_of(test, column.values), column)


def _by_row(answers: bytes, column: Column) -> bytes:
    if isinstance(column.numbers, bytes):
        return column.numbers.translate(answers.ljust(256, b"\0"))
    if isinstance(column.numbers, range):
        return answers
    return bytes(map(answers.__getitem__, column.numbers))


def _as_it_is(value: Any) -> Any:
    return value
