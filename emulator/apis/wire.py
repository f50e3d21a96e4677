"""What passes between the server and the APIs: calls, answers, routes, error bodies."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.tenant.world import CLIENT_ID, OBJECT_ID, World


@dataclass
class Call:
    """One request; the keys of `query` and `headers` are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes
    world: World
    base: str

    @property
    def body(self) -> Any:
        """The body as JSON, None where it is empty or no JSON."""
        try:
            return json.loads(self.content) if self.content else None
        except ValueError:
            return None

    @property
    def address_for_links(self) -> str:
        """What a link to the next page begins with."""
        return (self.world.next_link_base or self.base) + self.path

    def form(self) -> dict[str, str]:
        """The body as form fields."""
        return dict(urllib.parse.parse_qsl(self.content.decode("utf-8", "replace")))


@dataclass
class Answer:
    """A status, a body (JSON, or bytes of JSON made before) and headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The body as bytes."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Route:
    """Which function answers which requests; `reads` tells POSTs that change nothing."""

    method: str
    pattern: re.Pattern[str]
    source: str
    answer: Callable[..., Answer]
    reads: bool = False
    anonymous: bool = False


def route(
    method: str,
    pattern: str,
    source: str,
    answer: Callable[..., Answer],
    *,
    reads: bool = False,
    anonymous: bool = False,
) -> Route:
    """A route; in the pattern `{name}` stands for one segment, the rest is a regex."""
    expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
    compiled = re.compile(f"^{expression}/?$", re.IGNORECASE)
    return Route(method, compiled, source, answer, reads or method == "GET", anonymous)


def refused(status: int, code: str, message: str, **headers: str) -> Answer:
    """ARM's error body: {"error": {"code", "message"}}."""
    fixed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": {"code": code, "message": message}}, fixed)


def service_refused(status: int, code: str, message: str) -> Answer:
    """Machine Learning's error body, whose useful text is JSON inside details[].message."""
    inner = {
        "errors": {"": [message]},
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": status,
    }
    error = {
        "code": "BadRequest" if status == 400 else code,
        "message": "The request is invalid." if status == 400 else message,
        "details": [{"code": "InferencingClientCallFailed", "message": json.dumps(inner)}],
        "additionalInfo": [
            {"type": "ComponentName", "info": {"value": "managementfrontend"}},
            {"type": "Correlation", "info": {"value": {"operation": "0" * 32, "request": "0"}}},
        ],
    }
    return Answer(status, {"error": error})


def flat_refused(status: int, code: str, message: str) -> Answer:
    """The flat error body of the metrics data plane."""
    return Answer(status, {"code": code, "message": message})


def not_authorized(action: str, scope: str) -> Answer:
    """ARM's 403."""
    message = (
        f"The client '{CLIENT_ID}' with object id '{OBJECT_ID}' does not have authorization to "
        f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was "
        "recently granted, please refresh your credentials."
    )
    return refused(403, "AuthorizationFailed", message)


def not_found(call: Call, what: str) -> Answer:
    """ARM's 404 for a resource."""
    message = f"The Resource '{what}' under resource group was not found."
    return refused(404, "ResourceNotFound", message)
