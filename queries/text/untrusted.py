"""Text from Azure on its way to a screen, a file or a report: the one place that disarms it."""

from __future__ import annotations

from collections.abc import Callable

# What stands where a value is not known.
UNKNOWN = "–"


def disarmed(text: str, sign_for: Callable[[str], str]) -> str:
    """The text with a sign in place of each control and format character.

    A name can then steer nothing that shows it: no terminal, no line, no direction of reading.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else sign_for(each) for each in text)


def whole(text: str) -> str:
    """The text as every store can hold it: half a character, and a NUL, is U+FFFD."""
    halves_gone = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return halves_gone.replace("\0", "\N{REPLACEMENT CHARACTER}")
