"""What a tenant has beside its resources: locks and charges, and how things fail in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

WORKSPACE_TYPE = "microsoft.machinelearningservices/workspaces"
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


@dataclass(frozen=True)
class Charge:
    """What one meter of one resource cost on one day; tags are in lower case."""

    day: date
    resource_id: str
    cost: float
    endpoint: str = ""
    deployment: str = ""
    resource_type: str = WORKSPACE_TYPE
    meter_category: str = "Virtual Machines"
    subscription_id: str = ""
    reserved: float = 0.0
