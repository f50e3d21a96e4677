"""Values on their way into a spreadsheet: the one place where text is made harmless there."""

from __future__ import annotations

# A spreadsheet runs a text that begins like a formula, in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def as_cell(text: str) -> str:
    """The text without control characters, and never the beginning of a formula."""
    shown = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) else shown


def from_cell(text: str) -> str:
    """What was written as that cell."""
    bare = text.strip()
    return bare[1:] if bare[:1] == "'" and bare[1:].lstrip(" ").startswith(_FORMULA) else bare
