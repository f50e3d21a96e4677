"""JSON as styled words: its own structure gives the colours, and nothing in it is markup."""

from __future__ import annotations

import json
import re
from typing import Any

from tui.words.untrusted import harmless
from tui.words.wrapping import Parts

_STRING = r'"(?:[^"\\]|\\.)*"'
_TOKENS = re.compile(
    rf"(?P<key>{_STRING})(?=\s*:)|(?P<text>{_STRING})"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>true|false|null)"
    r"|(?P<rest>[^\"\w-]+)"
)
_STYLES = {
    "key": "$text-primary",
    "text": "$text-success",
    "number": "$text-accent",
    "word": "$text-warning",
    "rest": "",
}


def json_parts(body: Any) -> Parts:
    """The value with an indent of two, line by line, every control character visible."""
    lines = json.dumps(body, indent=2, ensure_ascii=False).split("\n")
    return [part for line in lines for part in (*_line(harmless(line)), ("\n", ""))]


def _line(line: str) -> Parts:
    return [(token.group(), _STYLES[token.lastgroup or "rest"]) for token in _TOKENS.finditer(line)]
