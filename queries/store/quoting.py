"""Spells texts and names as SQL does, for the statements that take no parameters."""

from __future__ import annotations


def text(value: str) -> str:
    """A text."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A name, whatever characters are in it."""
    return '"' + value.replace('"', '""') + '"'
