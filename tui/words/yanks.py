"""What may be copied of a row, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Yank:
    """The key that copies it, what it is called, and the text."""

    key: str
    title: str
    text: str
