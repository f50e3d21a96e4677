"""Counts what was really sent, by the interface of Azure that it was sent to."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping


class Tally:
    """How many HTTP requests went out, by interface, and how many 429 came back."""

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
        """HTTP requests sent, retries too, by the name of the interface."""
        with self._guard:
            return dict(sorted(self._sent.items()))

    @property
    def throttled(self) -> int:
        """How many answers were a 429."""
        with self._guard:
            return self._throttled
