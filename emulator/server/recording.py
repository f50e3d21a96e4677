"""A recording of `mothball record`, read back: which answer is due to which request."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

FORMAT = 1


class BadRecording(Exception):  # noqa: N818
    """A folder that holds no whole recording; the text says why."""


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer; `status` None: the connection was lost. `body` None: there was none."""

    status: int | None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Recording:
    """The answers by their requests, each request's in the order in which they came.

    The last one stands for every further request. Case and the order of lists do not matter, since
    ids compare without case and pseudonyms sort otherwise than what they stand for.
    """

    def __init__(self, folder: Path) -> None:
        """Read all of it. Raises BadRecording."""
        self.settings = folder / "config.toml"
        try:
            index = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
            self.at = datetime.fromisoformat(index["recorded_at"])
            self.addresses = frozenset(index["addresses"])
            files = sorted((folder / "answers").glob("*.json"))
            exchanges = [json.loads(path.read_text(encoding="utf-8")) for path in files]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadRecording(f"{folder} is no whole recording: {error}") from error
        if index.get("format") != FORMAT or len(exchanges) != index.get("answers"):
            raise BadRecording(f"{folder} is of another version, or lacks some of its files")
        self._answers: dict[str, deque[RecordedAnswer]] = {}
        self._guard = threading.Lock()
        for exchange in exchanges:
            asked = exchange["request"]
            key = _key(asked["method"], asked["path"], asked["query"].items(), asked["body"])
            self._answers.setdefault(key, deque()).append(_answer(exchange["answer"]))

    def answer(
        self, method: str, path: str, query: Iterable[tuple[str, str]], body: Any
    ) -> RecordedAnswer | None:
        """The next answer to such a request; None where none was recorded."""
        with self._guard:
            found = self._answers.get(_key(method, path, query, body))
            if not found:
                return None
            return found.popleft() if len(found) > 1 else found[0]


def _key(method: str, path: str, query: Iterable[tuple[str, str]], body: Any) -> str:
    parts = [method, path.rstrip("/"), sorted((n.casefold(), v) for n, v in query), _sorted(body)]
    return json.dumps(parts, sort_keys=True, ensure_ascii=False).casefold()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(one) for one in value), key=lambda one: json.dumps(one).casefold())
    return value


def _answer(kept: dict[str, Any] | None) -> RecordedAnswer:
    if kept is None:
        return RecordedAnswer(None)
    odd = kept.get("bytes_that_are_no_json")
    if odd is not None:
        return RecordedAnswer(kept["status"], b"?" * odd, kept["headers"])
    body = kept["body"]
    content = None if body is None else json.dumps(body).encode()
    return RecordedAnswer(kept["status"], content, kept["headers"])
