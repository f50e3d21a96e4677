"""Text on its way out of the store: for a line of a terminal or a report, for a spreadsheet."""

from __future__ import annotations

from decimal import Decimal

from queries.text.untrusted import disarmed

# How finely people read an amount of money.
CENT = Decimal("0.01")
# A spreadsheet runs a text that begins like a formula, in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def printable(text: str) -> str:
    """The text without control characters, so that a name cannot steer what shows it."""
    return disarmed(text, lambda _character: "\N{REPLACEMENT CHARACTER}")


def as_cell(text: str) -> str:
    """The text without control characters, and never the beginning of a formula."""
    shown = text
    if not text.isprintable():
        shown = "\n".join(printable(line) for line in text.split("\n"))
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) else shown


def from_cell(text: str) -> str:
    """What was written as that cell."""
    bare = text.strip()
    return bare[1:] if bare[:1] == "'" and bare[1:].lstrip(" ").startswith(_FORMULA) else bare
