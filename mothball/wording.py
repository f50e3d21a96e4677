"""Text that is safe to print."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text without control characters, so that a name cannot steer a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
