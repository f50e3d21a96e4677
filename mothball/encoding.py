"""Standard output and error as they are: a character that one of them cannot say is replaced."""

from __future__ import annotations

import codecs
import io
import os
import sys

ERRORS = "mothball"
ASCII = "mothball_ascii"
# What the tables and sentences of this program are drawn with, in ASCII.
PLAIN = {
    "…": "...",
    "·": "|",
    "—": "-",
    "–": "-",
    "−": "-",
    "×": "x",
    "→": "->",
    "←": "<-",
    "≥": ">=",
    "≤": "<=",
    "≈": "~",
    "„": '"',
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "€": "EUR",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
}
_is_json = False


def prepare_streams() -> None:
    """Let no character be a failure. What goes into a file or a pipe is UTF-8, unless the
    environment wants another encoding.
    """
    codecs.register(_own_ascii)
    codecs.register_error(ERRORS, _replaced)
    expect_json(False)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        is_wanted = stream.isatty() or "PYTHONIOENCODING" in os.environ
        if is_wanted and codecs.lookup(stream.encoding).name == "ascii":
            stream.reconfigure(encoding=ASCII, errors=ERRORS)
        elif is_wanted:
            stream.reconfigure(errors=ERRORS)
        else:
            stream.reconfigure(encoding="utf-8", errors=ERRORS)


def _own_ascii(name: str) -> codecs.CodecInfo | None:
    """ASCII by another name: click takes a stream of that name for a mistake, and writes UTF-8."""
    if name != ASCII:
        return None
    real = codecs.lookup("ascii")
    return codecs.CodecInfo(
        real.encode,
        real.decode,
        incrementalencoder=real.incrementalencoder,
        incrementaldecoder=real.incrementaldecoder,
        name=ASCII,
    )


def expect_json(is_json: bool) -> None:
    """Whether what follows is JSON, whose texts can name any character in ASCII."""
    global _is_json
    _is_json = is_json


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    plain = "".join(map(_escaped if _is_json else _plain, text))
    return plain, error.end


def _plain(character: str) -> str:
    return PLAIN.get(character, "?")


def _escaped(character: str) -> str:
    pairs = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pairs[at : at + 2].hex()}" for at in range(0, len(pairs), 2))
