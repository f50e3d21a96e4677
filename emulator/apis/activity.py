"""The activity log: its list by subscription, and what writes to other services put into it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.activity import LoggedEvent, shown
from emulator.tenant.resources import same
from emulator.tenant.shapes import Json
from emulator.tenant.world import OBJECT_ID

Answering = Callable[..., Answer]
PATTERN = "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values"
# All that the filter allows: a span of time, and at most one property beside it.
FILTER = re.compile(
    r"eventTimestamp ge '(?P<since>[^']+)'(?: and eventTimestamp le '(?P<until>[^']+)')?"
    r"(?: and (?P<name>resourceGroupName|resourceUri|resourceProvider|correlationId)"
    r" eq '(?P<value>[^']+)')?",
    re.IGNORECASE,
)
KEPT = timedelta(days=90)
_OPERATION = re.compile(r"/mfeOperationsStatus/([^?]+)")
_AT_ONCE: Json = {"takes": timedelta(0), "late": timedelta(0)}


def listing(call: Call, subscription: str) -> Answer:
    """One page of the events of a subscription, in an order of their own."""
    asked = FILTER.fullmatch(call.query.get("$filter", ""))
    if asked is None:
        return refused(400, "BadRequest", "The $filter is none of those that are allowed.")
    now = call.world.clock.now()
    since, until = _time(asked["since"]), _time(asked["until"]) or now
    if since is None:
        return refused(400, "BadRequest", "The $filter holds no time that can be read.")
    if since < now - KEPT:
        return refused(400, "BadRequest", "The start time cannot be more than 90 days in the past.")
    found = [
        event
        for event in call.world.activity
        if same(event.resource_id.split("/")[2], subscription)
        and since <= event.at <= until
        and event.submitted_at <= now
        and _fits(event, (asked["name"] or "").casefold(), asked["value"] or "")
    ]
    return _page(call, sorted(found, key=_shuffled))


def logged(answer: Answering) -> Answering:
    """The same answer to a write, with the write and its end in the activity log."""

    def answered(call: Call, **groups: str) -> Answer:
        result = answer(call, **groups)
        if result.status != 204:
            _note(call, groups.get("id") or call.path, result)
        return result

    return answered


def _note(call: Call, resource_id: str, result: Answer) -> None:
    """What Azure notes of a write: its start, its acceptance, and how it ended."""
    world, verb = call.world, "delete" if call.method == "DELETE" else "write"
    found = _OPERATION.search(result.headers.get("Azure-AsyncOperation", ""))
    operation = world.operations.get(found[1]) if found else None
    end = "Accepted" if operation else ("Succeeded" if result.status < 400 else "Failed")

    def note(statuses: Sequence[str], body: Any = None, correlation_id: str | None = None) -> str:
        at = world.clock.now()
        given: Json = {"body": body, "correlation_id": correlation_id, **_AT_ONCE}
        return world.log_operation(resource_id, at, OBJECT_ID, verb, statuses=statuses, **given)

    correlation_id = note(("Started", end), call.body if world.activity_has_bodies else None)
    if operation is None:
        return

    def note_end(state: str) -> None:
        note(("Succeeded" if state == "Succeeded" else "Failed",), None, correlation_id)

    operation.on_end = note_end
    if operation.state != "InProgress":
        note_end(operation.state)


def _time(text: str | None) -> datetime | None:
    """An aware time; None where it cannot be read."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _fits(event: LoggedEvent, name: str, value: str) -> bool:
    """Whether an event has the one property that is asked for beside its time."""
    group = event.resource_id.split("/")[4:5]
    held = {
        "resourcegroupname": group[0] if group else "",
        "resourceuri": event.resource_id,
        "resourceprovider": event.provider,
        "correlationid": event.correlation_id,
    }
    return not name or same(held[name], value)


def _shuffled(event: LoggedEvent) -> str:
    """An order that is always the same and follows neither time nor operation."""
    key = f"{event.correlation_id} {event.body['status']['value']} {event.at}"
    return hashlib.sha256(key.encode()).hexdigest()


def _page(call: Call, found: list[LoggedEvent]) -> Answer:
    size, start = call.world.activity_page_size, int(call.query.get("$skiptoken") or 0)
    wanted = [name for name in call.query.get("$select", "").split(",") if name]
    events = [_selected(shown(event), wanted) for event in found[start : start + size]]
    answer: Json = {"value": events}
    if start + size < len(found):
        kept = {name: value for name, value in call.query.items() if name != "$skiptoken"}
        query = urlencode({**kept, "$skiptoken": start + size})
        answer["nextLink"] = f"{call.base}{call.path}?{query}"
    return Answer(200, answer)


def _selected(body: Json, names: list[str]) -> Json:
    return {name: body[name] for name in names if name in body} if names else body


ROUTES = [route("GET", PATTERN, "activity", listing)]
