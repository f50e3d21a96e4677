"""Rows as lines of JSON or CSV, made a column at a time: many rows say the same in most columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from queries.text.cells import as_cell
from queries.text.json_text import json_text, plain

T = TypeVar("T")
Row = Mapping[str, Any]
ROWS_AT_ONCE = 500
# So many values of a column are held with what was made of them; then they are begun anew.
MOST_HELD = 20_000
_TEXTS = {str, type(None)}


def as_json(rows: Iterable[Row], names: Sequence[str]) -> Iterator[str]:
    """An array, an object a line; unknown is null."""
    form = ", ".join(f"{_in_json(name)}: ".replace("%", "%%") + "%s" for name in names)
    before = "[\n"
    for columns in _columns(rows, names, _in_json):
        yield before
        yield ",\n".join(map(f"{{{form}}}".__mod__, zip(*columns, strict=True)))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def as_csv(rows: Iterable[Row], names: Sequence[str]) -> Iterator[str]:
    """Lines under their columns; unknown is empty, and no cell is a formula."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([as_cell(name) for name in names])
    for columns in _columns(rows, names, _in_csv):
        writer.writerows(zip(*columns, strict=True))
        yield lines.getvalue()
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue()


def parted(several: Iterable[T], most: int) -> Iterator[list[T]]:
    """So many of them at a time."""
    left = iter(several)
    return iter(lambda: list(islice(left, most)), [])


class _Held(dict[Any, Any]):
    """What was made of each value."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        if len(self) >= MOST_HELD:
            self.clear()
        made = self[value] = self._make(value)
        return made


def _columns(
    rows: Iterable[Row], names: Sequence[str], make: Callable[[Any], Any]
) -> Iterator[list[Iterable[Any]]]:
    """What is made of the values of some rows, column by column, again and again."""
    held = [_Held(make) for _name in names]
    for part in parted(rows, ROWS_AT_ONCE):
        columns = ([row.get(name) for row in part] for name in names)
        yield [
            map(known.__getitem__ if _are_texts(values) else make, values)
            for known, values in zip(held, columns, strict=True)
        ]


def _are_texts(values: Sequence[Any]) -> bool:
    """Whether all are texts or tuples of them: a number may equal one that is written otherwise."""
    kinds = set(map(type, values))
    if kinds == {tuple}:
        kinds = {type(inner) for value in values for inner in value}
    return kinds <= _TEXTS


def _in_json(value: Any) -> str:
    return json_text(value, indent=None)


def _in_csv(value: Any) -> Any:
    if isinstance(value, str):
        return as_cell(value)
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, list | tuple):
        text = "; ".join(str(item) for item in value)
    elif isinstance(value, Mapping):
        text = json_text(value, indent=None)
    else:
        text = str(plain(value))
    return as_cell(text)
