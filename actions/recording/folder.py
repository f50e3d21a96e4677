"""The folder of a recording: a file an exchange, whole or not there at all."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from actions.session import Refusal

LONGEST_LINE = 100


class RecordingFolder:
    """Files that gather beside `folder` and take its name once they are whole; a context.

    Without `finish` nothing of them stays. Files have mode 0600, folders 0700.
    """

    def __init__(self, folder: Path) -> None:
        """Raises Refusal where something is there already."""
        self.folder = folder
        self.interfaces: Counter[str] = Counter()
        self._aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
        self._guard = threading.Lock()
        self._is_whole = False
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise Refusal(f"{folder} is there already: name a folder that is empty or not there")

    def __enter__(self) -> RecordingFolder:
        """Begin beside the folder."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._aside.mkdir(mode=0o700)
        (self._aside / "answers").mkdir(mode=0o700)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the whole folder or nothing."""
        if not self._is_whole:
            shutil.rmtree(self._aside, ignore_errors=True)

    def add(self, exchange: Mapping[str, Any]) -> None:
        """Write one exchange; they are numbered in the order in which their answers came."""
        interface = str(exchange["interface"])
        with self._guard:
            self.interfaces[interface] += 1
            number = self.interfaces.total()
        _write(self._aside / "answers" / f"{number:05}-{interface}.json", as_json(exchange) + "\n")

    def finish(self, files: Mapping[str, str]) -> None:
        """Add the files that speak of the whole, and let the recording be there."""
        for name, text in files.items():
            _write(self._aside / name, text)
        if self.folder.exists():
            self.folder.rmdir()  # it was empty; not every system renames onto a folder
        self._aside.rename(self.folder)
        self._is_whole = True


def as_json(value: Any, indent: str = "") -> str:
    """A value as a person reads it: indented, and what fits into a line in one line."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    line = "" if any(isinstance(one, dict | list) and one for one in inside) else _line(value)
    if line and (len(line) <= LONGEST_LINE or not inside):
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        texts = [f"{_line(name)}: {as_json(one, deeper)}" for name, one in value.items()]
    else:
        texts = [as_json(one, deeper) for one in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{deeper}" + f",\n{deeper}".join(texts) + f"\n{indent}{end}"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
