"""Values as JSON: times in UTC, money as numbers, unknown as null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def json_text(value: Any, indent: int | None = 2) -> str:
    """One JSON value as text; in one line (None) it takes a tenth of the time."""
    if indent is None:
        return _in_one_line(value)
    text = json.dumps(_finite(value), indent=indent, default=plain, ensure_ascii=False)
    return "\n".join(map(_escaped, text.split("\n")))


def _in_one_line(value: Any) -> str:
    kind = value.__class__
    if kind is int:
        return repr(value)
    if kind is float:
        return repr(value) if math.isfinite(value) else "null"
    if kind in (datetime, Decimal):
        return _in_one_line(plain(value))
    return _escaped(_IN_ONE_LINE.encode(value if kind is str else _finite(value)))


def _escaped(line: str) -> str:
    """The line of JSON with what could steer a terminal as an escape, which reads back the same."""
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def iso(moment: datetime | None) -> str | None:
    """A time as ISO 8601 in UTC."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """What JSON has no form of its own for, in one that it has."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)  # an interval, a time, a UUID, a blob: what a user's own SQL can give


def _finite(value: Any) -> Any:
    """The value with what JSON has no number for (NaN, infinity) as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {
            str(name): inner if inner.__class__ in _AS_THEY_ARE else _finite(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [inner if inner.__class__ in _AS_THEY_ARE else _finite(inner) for inner in value]
    return value


_AS_THEY_ARE = frozenset({str, int, bool, type(None), datetime, date, Decimal})
_IN_ONE_LINE = json.JSONEncoder(default=plain, ensure_ascii=False)
