"""What was typed before and is there at the next start: filters by their table, and commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

COMMANDS = "commands"
MOST = 100
"""How many of each name are kept; the oldest go first."""


class KeptHistory:
    """One JSON file, for its owner's eyes only: lists of texts by name, the newest last.

    Without a path it lasts as long as the program. What cannot be read of the file counts as not
    kept. `add` raises OSError where the file cannot be written. What another open interface adds
    meanwhile stays.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read nothing yet."""
        self._path = path
        self._unwritten: dict[str, list[str]] = {}

    def read(self, name: str) -> list[str]:
        """The texts of a name."""
        return self._all().get(name, [])

    def add(self, name: str, text: str) -> None:
        """Keep a text as the newest of a name; one that is there already comes to the end."""
        text = text.strip()
        if not text:
            return
        others = [each for each in self.read(name) if each != text]
        everything = self._all() | {name: [*others, text][-MOST:]}
        self._unwritten = everything
        if self._path is not None:
            self._write(self._path, json.dumps(everything, indent=1))

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.unlink(missing_ok=True)
        opened = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(opened, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)

    def _all(self) -> dict[str, list[str]]:
        if self._path is None:
            return self._unwritten
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        pairs = document.items() if isinstance(document, dict) else ()
        return {name: _texts(listed) for name, listed in pairs}


def _texts(listed: Any) -> list[str]:
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def filters_of(table: str) -> str:
    """The name of the filters of a table."""
    return f"filters of {table}"


class Walk:
    """Back and forth through what was typed, from what stands there now."""

    def __init__(self, texts: list[str], draft: str) -> None:
        """Nothing older is shown yet."""
        self._texts = [*(text for text in texts if text != draft.strip()), draft]
        self._at = len(self._texts) - 1

    @property
    def text(self) -> str:
        """What is shown."""
        return self._texts[self._at]

    @property
    def is_at_end(self) -> bool:
        """Whether what was typed last is shown."""
        return self._at == len(self._texts) - 1

    def step(self, by: int) -> str:
        """An older text, or with a number above 0 a newer one; stays at either end."""
        self._at = max(min(self._at + by, len(self._texts) - 1), 0)
        return self.text
