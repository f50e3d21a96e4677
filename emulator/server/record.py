"""What the stand-in remembers of its requests, and hooks that run around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.tenant.world import World


@dataclass(frozen=True)
class Write:
    """A request that changes something, or would if it were allowed."""

    at: datetime
    method: str
    path: str
    query: str
    body: Any
    status: int


@dataclass(frozen=True)
class Received:
    """A request as it came in. `status` 0: closed without an answer.

    The names of `headers` are in lower case; what signs in is not among them.
    """

    at: datetime
    method: str
    path: str
    query: str
    status: int
    source: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Hook:
    """Something to do around the next matching requests."""

    method: str | None
    path: re.Pattern[str]
    do: Callable[[World], object]
    times: int | None

    def fits(self, method: str, path: str) -> bool:
        """Whether it is due; counts itself as used."""
        if self.times == 0 or (self.method and self.method.upper() != method):
            return False
        if not self.path.search(path):
            return False
        if self.times is not None:
            self.times -= 1
        return True
