"""Management locks: their list by scope, and what they refuse."""

from __future__ import annotations

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.resources import same
from emulator.tenant.shapes import Json
from emulator.tenant.state import Lock
from emulator.tenant.world import World


def locked(world: World, scope: str, method: str) -> Answer | None:
    """The 409 that a lock sends in answer to a write on a scope, or None."""
    for lock in world.locks:
        refuses = method == "DELETE" or lock.level == "ReadOnly"
        below_is_lost = method == "DELETE" and _is_below(lock.scope, scope)
        if refuses and (lock.covers(scope) or below_is_lost):
            action = "delete" if method == "DELETE" else "write"
            text = (
                f"The scope '{scope}' cannot perform {action} operation because following "
                f"scope(s) are locked: '{lock.scope}'. Please remove the lock and try again."
            )
            return refused(409, "ScopeLocked", text)
    return None


def listing(call: Call, scope: str) -> Answer:
    """The locks at a scope, above and below; with `$filter=atScope()` none below."""
    alone = "atscope()" in call.query.get("$filter", "").casefold()
    found = [
        lock
        for lock in call.world.locks
        if same(lock.scope, scope)
        or (call.world.locks_inherited and _is_below(scope, lock.scope))
        or (not alone and _is_below(lock.scope, scope))
    ]
    return Answer(200, {"value": [_body(lock) for lock in found]})


def _is_below(scope: str, above: str) -> bool:
    return scope.strip("/").casefold().startswith(above.strip("/").casefold() + "/")


def _body(lock: Lock) -> Json:
    return {
        "id": f"{lock.scope}/providers/Microsoft.Authorization/locks/{lock.name}",
        "name": lock.name,
        "type": "Microsoft.Authorization/locks",
        "properties": {"level": lock.level, "notes": lock.notes},
    }


PATTERN = "(?P<scope>/subscriptions/.+)/providers/Microsoft.Authorization/locks"
ROUTES = [route("GET", PATTERN, "locks", listing)]
