"""Long-running operations: started by a write, moved on by each poll."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.clock import instant
from emulator.tenant.resources import Resource
from emulator.tenant.shapes import Json
from emulator.tenant.world import Operation

BASE = "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{place}"


def begin(
    call: Call,
    target: Resource,
    during: str,
    finish: Callable[[], None],
    *,
    failed_state: str = "Failed",
) -> dict[str, str]:
    """Start an operation on `target` and hand back the headers of its 201 or 202.

    `during` is the target's state meanwhile; `finish` runs when it ends well.
    """
    world = call.world
    ending = world.take_ending(call.method, call.path)
    polls = world.polls_until_done if ending is None or ending.polls is None else ending.polls
    error: Json = {"code": ending.code, "message": ending.message} if ending else {}

    def fail() -> None:
        target.state = failed_state

    target.state = during
    operation = Operation(
        id=str(uuid.uuid4()),
        target=target,
        started_at=world.clock.now(),
        polls_left=polls,
        status=ending.status if ending else "Succeeded",
        error=error or None,
        finish=finish,
        fail=fail,
    )
    world.operations[operation.id] = operation
    if operation.status == "Succeeded" and polls < 0:
        world.end(operation)
    return _headers(call, operation)


def _headers(call: Call, operation: Operation) -> dict[str, str]:
    place = operation.target.location or "westeurope"
    base = call.base + BASE.format(subscription=operation.target.subscription_id, place=place)
    version = call.query.get("api-version", "2025-09-01")
    query = f"api-version={version}&type=online"
    return {
        "Location": f"{base}/mfeOperationResults/{operation.id}?{query}",
        "Azure-AsyncOperation": f"{base}/mfeOperationsStatus/{operation.id}?{query}",
        **call.world.polling_headers,
        "x-ms-async-operation-timeout": "PT1H30M",
    }


def status(call: Call, subscription: str, place: str, operation: str) -> Answer:
    """The status document: HTTP 200 for a failed operation too."""
    found = _polled(call, operation)
    if found is None:
        return refused(404, "OperationNotFound", f"There is no operation {operation}.")
    shown: Json = {
        "id": call.path,
        "name": found.id,
        "status": found.state,
        "startTime": instant(found.started_at),
        "percentComplete": 0.0,
    }
    if found.ended_at:
        shown["endTime"] = instant(found.ended_at)
    if found.state in ("Failed", "Canceled"):
        shown["error"] = found.error
    return Answer(200, shown, {} if found.ended_at else call.world.polling_headers)


def result(call: Call, subscription: str, place: str, operation: str) -> Answer:
    """The result by `Location`: 202 while it runs, then the outcome."""
    found = _polled(call, operation)
    if found is None:
        return refused(404, "OperationNotFound", f"There is no operation {operation}.")
    if found.state == "InProgress":
        headers = {"Location": f"{call.base}{call.path}?api-version=2025-09-01"}
        return Answer(202, None, {**headers, **call.world.polling_headers})
    if found.state in ("Failed", "Canceled"):
        return Answer(200, {"status": found.state, "error": found.error})
    return Answer(200, {"status": "Succeeded"}) if found.target.exists() else Answer(204)


def _polled(call: Call, operation: str) -> Operation | None:
    found = call.world.operations.get(operation)
    if found and found.state == "InProgress":
        if found.polls_left <= 0:
            call.world.end(found)
        found.polls_left -= 1
    return found


ROUTES = [
    route("GET", f"{BASE}/mfeOperationsStatus/{{operation}}", "arm", status),
    route("GET", f"{BASE}/mfeOperationResults/{{operation}}", "arm", result),
]
