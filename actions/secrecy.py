"""Keeps values of environment variables out of all output: Azure may echo them in an error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from collectors.connection.errors import one_line

MASKED = "(masked)"
# A shorter value is a number or a flag, which no text can do without.
SHORTEST_SECRET = 4
_CUT = "…"


def masked(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy in which the value of every environment variable is masked, wherever it stands."""
    return {str(name): _masked(str(name), value) for name, value in raw.items()}


def without_secrets(text: str, raws: Iterable[Mapping[str, Any]]) -> str:
    """The text without any value of an environment variable of these definitions, however spelt.

    Of a value that was cut with the end of the text, what is left of it goes too.
    """
    values = {form for raw in raws for value in _secrets("", raw) for form in _forms(value)}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SHORTEST_SECRET:
            text = _without_cut(text.replace(value, MASKED), value)
    return text


def _forms(value: str) -> Iterator[str]:
    """A value as a text may have it: in one line, as JSON writes it, in an address."""
    yield one_line(value)
    for spelt in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        yield one_line(spelt[1:-1])
    yield quote(value, safe="")


def _without_cut(text: str, value: str) -> str:
    body = text.removesuffix(_CUT)
    if body == text:
        return text
    for length in range(len(value) - 1, SHORTEST_SECRET - 1, -1):
        if body.endswith(value[:length]):
            return body[:-length] + MASKED + _CUT
    return text


def _secrets(name: str, value: Any) -> Iterator[str]:
    """The values of environment variables, wherever they stand."""
    if name.lower() == "environmentvariables" and isinstance(value, Mapping):
        yield from (str(one) for one in value.values() if one is not None)
    elif isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _secrets(str(inner), one)
    elif isinstance(value, list):
        for one in value:
            yield from _secrets("", one)


def _masked(name: str, value: Any) -> Any:
    if name.lower() == "environmentvariables" and value:
        return dict.fromkeys(value, MASKED) if isinstance(value, dict) else MASKED
    if isinstance(value, dict):
        return masked(value)
    return [_masked("", one) for one in value] if isinstance(value, list) else value
