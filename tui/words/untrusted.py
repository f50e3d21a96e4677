"""Text from Azure in cells of the terminal: on one line, disarmed, as wide as there is room."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len, set_cell_size

from queries.text.untrusted import UNKNOWN, disarmed

__all__ = ["UNKNOWN", "Align", "fitted", "harmless"]

Align = Literal["left", "right"]

_CONTROL_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"
_SPACES = "\t\n\r\x0b\x0c\x85\u2028\u2029"


def harmless(text: str) -> str:
    """The text on one line, every control and format character as a visible sign.

    An escape becomes `␛`, so that a sequence stays readable and does nothing; what has no sign
    of its own becomes `�`. Markup is not touched here: nothing that shows this text reads it.
    """
    return disarmed(text, _sign_for)


def fitted(text: str, width: int, align: Align = "left") -> str:
    """Harmless text as exactly `width` terminal cells, cut with `…`."""
    clean = harmless(text)
    length = cell_len(clean)
    if length > width:
        return set_cell_size(set_cell_size(clean, max(width - 1, 0)) + "…", width)
    padding = " " * (width - length)
    return padding + clean if align == "right" else clean + padding


def _sign_for(character: str) -> str:
    if character in _SPACES or character.isspace():
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    return _DELETE_PICTURE if code == 0x7F else "�"
