"""The events of a subscription's Activity Log on workspaces, endpoints and deployments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.connection.parsing import json_of
from collectors.connection.reading import Reader
from collectors.connection.shapes import is_object
from collectors.inventory.resources import moment, shares
from collectors.records import ActivityEvent, key_of

ACTIVITY_API = "2015-04-01"
_PATH = "/subscriptions/{}/providers/Microsoft.Insights/eventtypes/management/values"
_PROVIDER = "Microsoft.MachineLearningServices"
# Neither the claims nor the address of a caller: they are personal, and so are never asked for.
_FIELDS = "caller,correlationId,eventTimestamp,operationName,properties,resourceId,status"
# What is kept: what makes, changes or ends something that can serve. Of a workspace only its end.
_KEPT = re.compile(
    r"microsoft\.machinelearningservices/workspaces"
    r"(?:/(?:online|batch|serverless)endpoints(?:/deployments)?/(?P<verb>write|delete)"
    r"|/(?P<end>delete))",
    re.IGNORECASE,
)
# The first letters of Azure's words, which differ by the schema of the log (azure.md A101).
_STATUSES = {
    "start": "started",
    "accept": "accepted",
    "succe": "succeeded",
    "fail": "failed",
    "cancel": "failed",
}


def read_activity(
    reader: Reader, subscription_id: str, since: datetime, until: datetime
) -> Iterator[ActivityEvent]:
    """Every event of that time, in no order; `since` is at most 90 days ago (azure.md A100).

    Any refusal is raised, Misshapen at the end where an event was not understood.
    """
    span = f"eventTimestamp ge '{_written(since)}' and eventTimestamp le '{_written(until)}'"
    query = {
        "api-version": ACTIVITY_API,
        "$filter": f"{span} and resourceProvider eq '{_PROVIDER}'",
        "$select": _FIELDS,
    }
    for body in reader.pages(_PATH.format(subscription_id), is_event, **query):
        if _operation(body) is not None:
            yield _event(body, subscription_id)


def is_event(element: Any) -> bool:
    """An event whose operation is named; one that is kept says on what, when and how it went."""
    if not is_object(element) or _named(element.get("operationName")) is None:
        return False
    whole = (
        all(isinstance(element.get(name), str) for name in ("resourceId", "correlationId"))
        and moment(element.get("eventTimestamp")) is not None
        and _named(element.get("status")) is not None
    )
    return whole or _operation(element) is None


def _event(body: Mapping[str, Any], subscription_id: str) -> ActivityEvent:
    at = moment(body["eventTimestamp"])
    assert at is not None
    live, mirror = _maps(body)
    return ActivityEvent(
        subscription_id=subscription_id.lower(),
        resource_key=key_of(body["resourceId"]),
        correlation_id=body["correlationId"],
        operation=_operation(body) or "",
        status=_status(_named(body["status"]) or ""),
        happened_at=at,
        caller=body.get("caller") if isinstance(body.get("caller"), str) else None,
        traffic=live,
        mirror=mirror,
    )


def _operation(body: Mapping[str, Any]) -> str | None:
    """`write` or `delete`; None for what is not kept."""
    found = _KEPT.fullmatch(_named(body.get("operationName")) or "")
    return (found["verb"] or found["end"]).lower() if found else None


def _status(word: str) -> str | None:
    return next((code for start, code in _STATUSES.items() if word.lower().startswith(start)), None)


def _maps(body: Mapping[str, Any]) -> tuple[Mapping[str, float] | None, Mapping[str, float] | None]:
    """The maps of traffic in the body of a request, where the event holds it (azure.md A102).

    Nothing else of a body is kept: it may hold secrets.
    """
    properties = body.get("properties")
    held = properties if isinstance(properties, dict) else {}
    text = next((value for name, value in held.items() if name.lower() == "requestbody"), None)
    given = _parsed(text)
    return shares(given.get("traffic")), shares(given.get("mirrorTraffic"))


def _parsed(text: Any) -> Mapping[str, Any]:
    """The properties of a resource in a request's body; nothing where it is cut or no JSON."""
    try:
        body = json_of(text) if isinstance(text, str) else text
    except ValueError:
        return {}
    properties = body.get("properties") if isinstance(body, dict) else None
    return properties if isinstance(properties, dict) else {}


def _named(value: Any) -> str | None:
    """The name in `{"value": "…"}`, or the name itself."""
    text = value.get("value") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text else None


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
