"""Text that a container printed, made fit to be seen: no control sequence, no secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

MASK = "(masked)"
# Shorter values, such as 1 or true, stand everywhere: they are masked beside their name only.
LEAST_LENGTH = 5
# ECMA-48: a control sequence, an operating system command or other string, any other escape.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_SECRET_NAME = (
    r"[\w.-]*(?:secret|password|passwd|pwd|token|credential|api[_-]?key|account[_-]?key"
    r"|access[_-]?key|shared[_-]?key|primary[_-]?key|private[_-]?key|connection[_-]?string"
    r"|sas|signature)[\w.-]*"
)
_VALUE = r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s,;&"']+)"""
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<before>\b{_SECRET_NAME}[\"']?\s*[=:]\s*){_VALUE}",
        r"(?P<before>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}",
        r"(?P<before>[?&](?:sig|code|key)=)[^\s&\"']+",
        r"(?P<before>://[^\s:/@]*:)[^\s@/]+(?=@)",
        r"(?P<before>)\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?",
        r"(?P<before>)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    )
)
_SHAPES = (*_SHAPES[:-1], re.compile(_SHAPES[-1].pattern, re.DOTALL))


def scrubbed(text: str, secrets: Mapping[str, str]) -> tuple[str, ...]:
    """The lines of a text; `secrets` are environment values by name, which never show.

    Masked too is what looks like a secret by the name before it or by its own shape. Sequences go
    first, or one in the midst of a secret would hide it.
    """
    plain = _SEQUENCES.sub("", text)
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    plain = "".join(c for c in plain if c == "\n" or c.isprintable())
    for pattern in _patterns(secrets):
        plain = pattern.sub(rf"\g<before>{MASK}", plain)
    return tuple(plain.rstrip("\n").split("\n")) if plain.strip() else ()


def _patterns(secrets: Mapping[str, str]) -> list[re.Pattern[str]]:
    """Values first, the longest before its own parts; then what stands beside a known name."""
    spelt = {
        form
        for value in secrets.values()
        for form in (value, value.strip(), json.dumps(value)[1:-1], quote(value, safe=""))
        if len(form) >= LEAST_LENGTH
    }
    values = sorted(spelt, key=len, reverse=True)
    known = [re.compile(rf"(?P<before>){re.escape(value)}") for value in values]
    names = [
        re.compile(rf"(?P<before>\b{re.escape(name)}[\"']?\s*[=:]\s*){_VALUE}") for name in secrets
    ]
    return [*known, *names, *_SHAPES]
