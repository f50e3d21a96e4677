"""Counts what was really sent, by the source that it was asked of."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlsplit

_KINDS = (
    ("logs", re.compile(r"/v1/.+/query$", re.IGNORECASE)),
    ("graph", re.compile(r"/providers/microsoft\.resourcegraph/", re.IGNORECASE)),
    ("metrics", re.compile(r"/metrics:getbatch", re.IGNORECASE)),
    ("locks", re.compile(r"/providers/microsoft\.authorization/locks", re.IGNORECASE)),
    ("prices", re.compile(r"/api/retail/prices", re.IGNORECASE)),
    ("cost", re.compile(r"/providers/microsoft\.costmanagement/", re.IGNORECASE)),
    ("tags", re.compile(r"/providers/microsoft\.resources/tags/", re.IGNORECASE)),
    ("ml", re.compile(r"/providers/microsoft\.machinelearningservices/", re.IGNORECASE)),
)


def kind_of(url: str) -> str:
    """The source that a request belongs to; `arm` for the rest of Resource Manager."""
    path = urlsplit(url).path
    return next((kind for kind, pattern in _KINDS if pattern.search(path)), "arm")


class Tally:
    """How many HTTP requests went out, by source, and how many 429 came back."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._sent: Counter[str] = Counter()
        self._throttled = 0
        self._guard = threading.Lock()

    def count(self, kind: str, status: int | None) -> None:
        """Note one request that was sent and its status (None: no answer)."""
        with self._guard:
            self._sent[kind] += 1
            self._throttled += status == 429

    @property
    def sent(self) -> Mapping[str, int]:
        """HTTP requests sent, retries too, by source."""
        with self._guard:
            return dict(sorted(self._sent.items()))

    @property
    def throttled(self) -> int:
        """How many answers were a 429."""
        with self._guard:
            return self._throttled
