"""What was done to the tenant's resources, event by event, as its activity log has it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from emulator.tenant.clock import instant
from emulator.tenant.shapes import Json

MACHINE_LEARNING = "Microsoft.MachineLearningServices"
WHOLE = ("Started", "Accepted", "Succeeded")


@dataclass(frozen=True)
class LoggedEvent:
    """One event; nobody sees it before `submitted_at`."""

    at: datetime
    submitted_at: datetime
    provider: str
    resource_id: str
    correlation_id: str
    body: Json


@dataclass
class ActivityLog:
    """The events of a tenant, in no order that its answers promise."""

    activity: list[LoggedEvent] = field(default_factory=list)

    def log_operation(
        self,
        resource_id: str,
        at: datetime,
        caller: str,
        verb: str = "write",
        *,
        statuses: Sequence[str] = WHOLE,
        body: Any = None,
        takes: timedelta = timedelta(minutes=2),
        late: timedelta = timedelta(minutes=3),
        correlation_id: str | None = None,
    ) -> str:
        """Log an operation that began at `at`: an event a status, the last after `takes`.

        A `body` (text as it is, else as JSON) is that of its request, which its first event holds.
        Each is submitted so `late`. Returns the correlation id that the events share.
        """
        correlation = correlation_id or str(uuid.uuid4())
        steps = max(len(statuses) - 1, 1)
        for place, status in enumerate(statuses):
            event = LoggedEvent(
                at + takes * place / steps,
                at + takes * place / steps + late,
                _provider(resource_id),
                resource_id,
                correlation,
                _body(resource_id, caller, verb, status, body if place == 0 else None),
            )
            self.activity.append(event)
        return correlation


def _body(resource_id: str, caller: str, verb: str, status: str, body: Any) -> Json:
    """What an event says beside its times; its claims and its address are personal."""
    action = f"{_type(resource_id)}/{verb}"
    properties = {"entity": resource_id, "message": action, "hierarchy": ""}
    if body is not None:
        properties["requestbody"] = body if isinstance(body, str) else json.dumps(body)
    return {
        "authorization": {"action": action, "role": "Subscription Admin", "scope": resource_id},
        "caller": caller,
        "claims": {"name": f"name of {caller}", "ipaddr": "203.0.113.7"},
        "httpRequest": {"method": verb.upper(), "clientIpAddress": "203.0.113.7"},
        "eventDataId": str(uuid.uuid4()),
        "operationName": {"value": action, "localizedValue": action},
        "resourceProviderName": {"value": _provider(resource_id)},
        "resourceId": resource_id,
        "status": {"value": status, "localizedValue": status},
        "subStatus": {"value": "", "localizedValue": ""},
        "subscriptionId": resource_id.split("/")[2],
        "properties": properties,
    }


def shown(event: LoggedEvent) -> Json:
    """An event as it is answered."""
    return event.body | {
        "correlationId": event.correlation_id,
        "eventTimestamp": instant(event.at),
        "submissionTimestamp": instant(event.submitted_at),
    }


def _provider(resource_id: str) -> str:
    return resource_id.rsplit("/providers/", 1)[-1].split("/", 1)[0]


def _type(resource_id: str) -> str:
    path = resource_id.rsplit("/providers/", 1)[-1].split("/")
    return "/".join([path[0], *path[1::2]])
