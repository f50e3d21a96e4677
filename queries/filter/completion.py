"""How a filter may go on: names of fields, and values that the rows have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from queries.estate.packed import PackedRows
from queries.filter.fields import FIELDS, Field, field_named

MOST = 12
_TYPED = re.compile(r'(?:(?P<name>[A-Za-z_][\w-]*)(?:>=|<=|!=|[:=><]))?(?P<value>[^\s()!"]*)$')


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` in place of what stands from `start` to before `end`."""

    text: str
    start: int
    end: int


def completions(
    text: str, cursor: int, rows: Iterable[Any], fields: tuple[Field, ...] = FIELDS
) -> list[Completion]:
    """What may stand at the cursor, likeliest first: a field's name, or after it a value."""
    cursor = min(cursor, len(text))
    typed = _TYPED.search(text[:cursor])
    assert typed is not None  # the last part may be empty
    if typed["name"] is None:
        return _placed(_names(typed["value"], fields), typed.start("value"), cursor)
    field = field_named(typed["name"], fields)
    if field is None:
        return []
    begun = typed["value"].rpartition(",")[2]
    return _placed(_values(field, begun, rows), cursor - len(begun), cursor)


def _placed(words: Iterable[str], start: int, end: int) -> list[Completion]:
    return [Completion(word, start, end) for word in words][:MOST]


def _names(begun: str, fields: tuple[Field, ...]) -> list[str]:
    if not begun:
        return []
    found = []
    for field in fields:
        for name in (field.short, field.name, *field.aliases):
            if name.startswith(begun.lower()):
                found.append(name + (":" if field.kind in ("text", "texts", "tags") else ">"))
                break
    return found


def _values(field: Field, begun: str, rows: Iterable[Any]) -> list[str]:
    if field.kind not in ("text", "tags"):
        return []
    begun = begun.casefold()
    found = [(value.casefold(), value) for value in field.words or _sorted(field, rows)]
    first = (value for folded, value in found if folded.startswith(begun) and folded != begun)
    rest = (
        value for folded, value in found if begun in folded[1:] and folded[: len(begun)] != begun
    )
    return [quoted(value) for value in islice(chain(first, rest), MOST)]


def _sorted(field: Field, rows: Iterable[Any]) -> Sequence[str]:
    if isinstance(rows, PackedRows):
        column = rows.evaluated(field.read, field.reads)
        return rows.kept(("completions", field.name), lambda: _in_order(field, column.values))
    return _in_order(field, map(field.read, rows))


def _in_order(field: Field, values: Iterable[Any]) -> Sequence[str]:
    if field.kind == "tags":
        values = (f"{name}={value}" for tags in values for name, value in tags.items())
    return sorted(set(filter(None, values)), key=str.casefold)


def quoted(value: str) -> str:
    """The value as it must be typed: in quotes where it would come apart."""
    if value and not re.search(r'[\s(),"\\]|^/.*/$|^\?$', value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
