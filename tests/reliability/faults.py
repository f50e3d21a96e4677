"""The sources that are disturbed, and the ways in which they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator import Fault
from tests.reliability.tenant import IDLE, Spoil

FOR_GOOD_SECONDS = 600.0
SNAPSHOT = ("snapshot", "--cost-months", "1", "--errors")
CALLERS = ("show", f"ws/fraud/{IDLE}", "--callers")


@dataclass(frozen=True, slots=True)
class Asked:
    """A source: its requests by path and body, where its list is, the command that asks it.

    `names` are words one of which a person is told where it was not read.
    """

    path: str
    items: str
    names: tuple[str, ...] = ()
    holds: str = ""
    words: tuple[str, ...] = SNAPSHOT


SOURCES: Mapping[str, Asked] = {
    "sign-in": Asked("/oauth2/", "access_token", ("az login", "HOST")),
    "subscriptions": Asked(r"/subscriptions\?", "value", ("subscriptions", "HOST")),
    "inventory": Asked("ResourceGraph", "data", holds="onlineendpoints"),
    "resource groups": Asked(r"/resourcegroups\?", "value"),
    "endpoints": Asked(r"/onlineEndpoints\?", "value"),
    "deployments": Asked(r"/deployments\?", "value"),
    "creation times": Asked(r"/subscriptions/[^/]+/resources\?", "value"),
    "locks": Asked("/locks", "value"),
    "metrics": Asked("metrics:getBatch", "values"),
    "activity log": Asked("eventtypes", "value"),
    "cost": Asked("CostManagement", "properties.rows"),
    "prices": Asked("retail/prices", "Items"),
    "traffic log": Asked("/v1/.*/query", "tables", ("callers",), words=CALLERS),
}


def _null(body: Any, items: str) -> Any:
    """The answer with null in place of the first element of its list, or of its one value."""
    *above, last = items.split(".")
    inner = body
    for name in above:
        inner = inner[name]
    inner[last] = [None, *inner[last][1:]] if isinstance(inner.get(last), list) else None
    return body


def spoil_of(asked: Asked) -> Spoil:
    """What puts a null into the list of a source."""
    return lambda body: _null(body, asked.items)


def _refusal(status: int, code: str, message: str) -> Fault:
    return Fault("forbid", status=status, code=code, message=message)


NULL = "a null in the list"
REDIRECT = {"Location": "https://elsewhere.example/"}
FAULTS: Mapping[str, Fault | None] = {
    "400 bad request": _refusal(400, "BadRequest", "The request is not valid."),
    "401 not signed in": _refusal(401, "InvalidAuthenticationToken", "The token is not valid."),
    "403 refused": _refusal(403, "AuthorizationFailed", "The client may not do this."),
    "404 not found": _refusal(404, "NotFound", "The resource was not found."),
    "407 of a proxy": Fault("garble", status=407),
    "409 conflict": _refusal(409, "Conflict", "Something else is going on."),
    "429 once": Fault("throttle", times=1, retry_after=7),
    "429 without a time": Fault("throttle"),
    "429 for an hour": Fault("throttle", retry_after=3600),
    "500 always": Fault("unavailable", status=500, code="InternalServerError"),
    "502 page of a proxy": Fault("garble", status=502),
    "503 once": Fault("unavailable", times=1),
    "503 always": Fault("unavailable"),
    "a redirect to another host": Fault("answer", status=302, headers=REDIRECT, body=b""),
    "closed once": Fault("drop", times=1),
    "closed always": Fault("drop"),
    "cut": Fault("truncate"),
    "no answer": Fault("slow", delay_seconds=FOR_GOOD_SECONDS),
    "stops half-way": Fault("stall", delay_seconds=FOR_GOOD_SECONDS),
    "200 page of a proxy": Fault("garble"),
    "204 and nothing": Fault("answer", status=204),
    "200 and a list": Fault("answer", body=[]),
    "200 and an empty object": Fault("answer", body={}),
    NULL: None,
}
SILENT = ("no answer", "stops half-way")
