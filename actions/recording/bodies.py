"""A JSON body with its build, times, states and numbers as they are, and nobody's name in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from actions.recording.allowed import (
    DAY_IN_TAG,
    KNOWN,
    NO_SECRET,
    OWN_NAMES,
    QUESTIONS,
    SECRET,
    keeps_number,
)
from actions.recording.texts import Texts
from queries.vocabulary import ROLES

DROPPED: Final = "(dropped)"
# What stands for a number of a field that is not on the list.
NO_NUMBER: Final = 0
_DATES: Final = ("expires_on", "exempt_until", "retire_after", "rehearsed_on")
Path = tuple[str, ...]


class Bodies:
    """Replaces what stands in bodies; `tags` are the tag names that mean something, by meaning."""

    def __init__(self, texts: Texts, tags: Mapping[str, Sequence[str]]) -> None:
        """Keep both, the names of tags in lower case."""
        self._texts = texts
        self._meanings = {name.lower(): meaning for meaning in tags for name in tags[meaning]}

    def answer(self, body: Any) -> Any:
        """The body of an answer."""
        return self._value((), body, is_ours=False)

    def request(self, body: Any) -> Any:
        """The body of a request, whose fields are named by us."""
        return self._value((), body, is_ours=True)

    def _value(self, path: Path, value: Any, *, is_ours: bool) -> Any:
        if isinstance(value, dict):
            return self._object(path, value, is_ours=is_ours)
        if isinstance(value, list):
            return [self._value(path, one, is_ours=is_ours) for one in value]
        if isinstance(value, str):
            return self._text(path, value, is_ours=is_ours)
        if value is None or isinstance(value, bool) or keeps_number(path):
            return value
        return NO_NUMBER

    def _object(self, path: Path, value: Mapping[str, Any], *, is_ours: bool) -> dict[str, Any]:
        own = path[-1] if path else ""
        if own == "tags":
            return self._named(self._tag(str(name), text) for name, text in value.items())
        if own in OWN_NAMES or path.count("properties") > 1:
            return self._named(self._owned(path, str(name), one) for name, one in value.items())
        if own == "metadatavalues" and isinstance(value.get("name"), dict):
            return self._dimension(path, value)
        if isinstance(value.get("columns"), list) and isinstance(value.get("rows"), list):
            return self._table(path, value)
        return self._named(
            self._field(path, str(name), one, is_ours=is_ours) for name, one in value.items()
        )

    def _named(self, pairs: Iterator[tuple[str, Any]]) -> dict[str, Any]:
        """An object of these fields; two that differed in case alone stay two."""
        found: dict[str, Any] = {}
        for name, value in pairs:
            while name in found:
                name += "-"
            found[name] = value
        return found

    def _field(self, path: Path, name: str, value: Any, *, is_ours: bool) -> tuple[str, Any]:
        folded = name.lower()
        if SECRET.fullmatch(folded) and folded not in NO_SECRET:
            return (name if folded in KNOWN else self._texts.hidden(name)), _dropped(value)
        spelt = name if is_ours or folded in KNOWN else self._texts.hidden(name)
        # Below a field that is not on the list nothing is, whatever it is called.
        below = (*path, folded) if is_ours or folded in KNOWN else (*path, "")
        return spelt, self._value(below, value, is_ours=is_ours)

    def _tag(self, name: str, value: Any) -> tuple[str, Any]:
        meaning = self._meanings.get(name.lower())
        spelt = name if meaning else self._texts.hidden(name)
        if not isinstance(value, str):
            return spelt, self._value(("",), value, is_ours=False)
        is_role = meaning == "role" and value.lower() in ROLES
        is_day = meaning in _DATES and DAY_IN_TAG.fullmatch(value) is not None
        return spelt, value if is_role or is_day else self._texts.hidden(value)

    def _owned(self, path: Path, name: str, value: Any) -> tuple[str, Any]:
        """An entry of a map whose names are somebody's; shares of traffic are numbers."""
        own = path[-1]
        spelt = self._texts.hidden(name)
        if own == "environmentvariables":
            return spelt, _dropped(value)
        is_share = own in ("traffic", "mirrortraffic") and isinstance(value, int | float | Decimal)
        below = (*path[:-1], "properties", "properties")
        return spelt, value if is_share else self._value(below, value, is_ours=False)

    def _dimension(self, path: Path, value: Mapping[str, Any]) -> dict[str, Any]:
        """A dimension of a metric with its value, which only some dimensions keep."""
        dimension = str(value["name"].get("value")).lower()
        return {
            name: self._text(("dimension", dimension), one, is_ours=False)
            if name == "value" and isinstance(one, str)
            else self._field(path, name, one, is_ours=False)[1]
            for name, one in value.items()
            if name in ("name", "value")
        }

    def _table(self, path: Path, value: Mapping[str, Any]) -> dict[str, Any]:
        """A table whose rows are lists: each cell is judged by the name of its column."""
        names = [_column(one) for one in value["columns"]]
        rows = [self._row(path, names, row) for row in value["rows"]]
        return self._named(
            (name, rows) if name == "rows" else self._field(path, name, one, is_ours=False)
            for name, one in value.items()
        )

    def _row(self, path: Path, names: Sequence[str], row: Any) -> Any:
        if not isinstance(row, list):
            return self._value((*path, ""), row, is_ours=False)
        return [self._cell(names, at, cell) for at, cell in enumerate(row)]

    def _cell(self, names: Sequence[str], at: int, cell: Any) -> Any:
        name = names[at] if at < len(names) else ""
        return self._value(("rows", name if name in KNOWN else ""), cell, is_ours=False)

    def _text(self, path: Path, text: str, *, is_ours: bool) -> str:
        if is_ours and path[-1:] and path[-1] in QUESTIONS:
            return self._texts.question(text)
        if text[:1] in "{[" and (inner := _json(text)) is not None:
            return json.dumps(self.answer(inner), default=str)
        return self._texts.kept_or_hidden(path, text)


def _column(column: Any) -> str:
    return str(column.get("name")).lower() if isinstance(column, dict) else ""


def _dropped(value: Any) -> Any:
    """Nothing of a value but whether there was one; of a map its number of entries."""
    if isinstance(value, dict | list):
        return DROPPED if value else type(value)()
    return value if value is None or value == "" else DROPPED


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None
