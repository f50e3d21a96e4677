"""What an identity may do: the actions of its roles, and the action that a request needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from emulator.apis import identity
from emulator.apis.wire import Answer, Call, not_authorized, route

# What the services outside of Resource Manager, or beside its rule, need.
_OTHERS = (
    (re.compile(r"/metrics:getbatch$", re.IGNORECASE), "Microsoft.Insights/metrics/read"),
    (
        re.compile(r"/providers/microsoft\.resourcegraph/resources$", re.IGNORECASE),
        "Microsoft.ResourceGraph/resources/read",
    ),
    (
        re.compile(r"^/v1/.*/query$", re.IGNORECASE),
        "Microsoft.OperationalInsights/workspaces/query/read",
    ),
)


def action_of(method: str, path: str) -> str:
    """The action that a request needs, as Azure names it in a refusal."""
    for pattern, action in _OTHERS:
        if pattern.search(path):
            return action
    verb = {"GET": "read", "DELETE": "delete", "POST": "action"}.get(method, "write")
    before, provider, after = path.rpartition("/providers/")
    if not provider:
        kinds = path.strip("/").split("/")[::2]
        return "/".join(["Microsoft.Resources", *kinds, verb])
    parts = after.strip("/").split("/")
    return "/".join([parts[0], *parts[1::2], verb])


def is_allowed(action: str, allowed: Iterable[str]) -> bool:
    """Whether one of the allowed actions is meant by it; case does not matter."""
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in allowed)


def refusal_of(call: Call) -> Answer | None:
    """Azure's refusal of what the identity may not do; who is asked for subscriptions may ask."""
    allowed = _allowed(call)
    action = action_of(call.method, call.path)
    if allowed is None or call.path.lower().rstrip("/") == "/subscriptions":
        return None
    return None if is_allowed(action, allowed) else not_authorized(action, call.path)


def permissions(call: Call, subscription: str) -> Answer:
    """The actions of the roles of whoever asks."""
    allowed = _allowed(call)
    actions = ["*"] if allowed is None else list(allowed)
    one = {"actions": actions, "notActions": [], "dataActions": [], "notDataActions": []}
    return Answer(200, {"value": [one]})


def _allowed(call: Call) -> tuple[str, ...] | None:
    client = identity.client_of(call.headers.get("authorization"))
    return call.world.allowed_actions.get(client)


ROUTES = [
    route(
        "GET",
        r"/subscriptions/{subscription}/providers/Microsoft\.Authorization/permissions",
        "permissions",
        permissions,
    )
]
