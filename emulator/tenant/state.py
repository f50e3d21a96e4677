"""What the world keeps beside its resources: locks, failing metrics, operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from emulator.tenant.resources import Resource
from emulator.tenant.shapes import Json

Level = Literal["CanNotDelete", "ReadOnly"]


@dataclass
class Lock:
    """A management lock on a scope."""

    scope: str
    level: Level
    name: str
    notes: str = ""

    def covers(self, resource_id: str) -> bool:
        """Whether it holds for a resource: its own scope or anything below."""
        scope, below = self.scope.strip("/").casefold(), resource_id.strip("/").casefold()
        return below == scope or below.startswith(scope + "/")


@dataclass
class MetricError:
    """A metric that answers an error code in place of Success, always or by one aggregation."""

    metric: str
    code: str
    aggregation: str | None = None
    resource: str = ""


@dataclass
class Ending:
    """How the next matching long-running operation ends; InProgress never ends."""

    path: str
    status: Literal["Succeeded", "Failed", "Canceled", "InProgress"]
    method: str
    code: str
    message: str
    polls: int | None
    times: int


@dataclass
class Operation:
    """A long-running operation: `polls_left` answers say InProgress before it ends."""

    id: str
    target: Resource
    started_at: datetime
    polls_left: int
    status: str
    error: Json | None
    finish: Callable[[], None]
    fail: Callable[[], None]
    state: str = "InProgress"
    ended_at: datetime | None = None
