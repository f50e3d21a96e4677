"""The Tags API: names compare without case, values with it."""

from __future__ import annotations

import re

from emulator.apis.activity import logged
from emulator.apis.locks import locked
from emulator.apis.wire import Answer, Call, not_found, refused, route
from emulator.tenant.resources import Endpoint, Resource

FORBIDDEN_LETTERS = re.compile(r"[<>%&\\?/]")
PATTERN = "(?P<scope>/subscriptions/.+)/providers/Microsoft.Resources/tags/default"


def read(call: Call, scope: str) -> Answer:
    """The tags of any scope."""
    resource = call.world.lookup(scope)
    return _body(resource) if resource else not_found(call, scope)


def merge(call: Call, scope: str) -> Answer:
    """Merge, Replace or Delete some tags."""
    body = call.body or {}
    operation = str(body.get("operation", "")).casefold()
    given = (body.get("properties") or {}).get("tags") or {}
    resource = call.world.lookup(scope)
    refusal = _refusal(call, scope, resource)
    if refusal or resource is None:
        return refusal or not_found(call, scope)
    if operation not in ("merge", "replace", "delete"):
        return refused(400, "InvalidTagPatchOperation", f"The operation '{operation}' is invalid.")
    if operation == "delete":
        return _set(resource, without(resource.tags, given))
    return _set(resource, merged(resource.tags if operation == "merge" else {}, given))


def replace(call: Call, scope: str) -> Answer:
    """Replace all tags."""
    given = ((call.body or {}).get("properties") or {}).get("tags") or {}
    resource = call.world.lookup(scope)
    refusal = _refusal(call, scope, resource)
    if refusal or resource is None:
        return refusal or not_found(call, scope)
    return _set(resource, merged({}, given))


def remove(call: Call, scope: str) -> Answer:
    """Remove all tags."""
    resource = call.world.lookup(scope)
    refusal = _refusal(call, scope, resource)
    if refusal or resource is None:
        return refusal or not_found(call, scope)
    resource.tags = {}
    return Answer(200)


def merged(tags: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """`tags` with the given ones set; a name that is there keeps its spelling."""
    result = dict(tags)
    for name, value in given.items():
        known = next((one for one in result if one.casefold() == name.casefold()), name)
        result[known] = value
    return result


def without(tags: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """`tags` without the given names; a given value has to be the one that is there."""
    doomed = {name.casefold(): value for name, value in given.items()}
    return {
        name: value
        for name, value in tags.items()
        if name.casefold() not in doomed or doomed[name.casefold()] not in ("", None, value)
    }


def invalid(tags: dict[str, str]) -> Answer | None:
    """The 400 for more tags, longer ones or other letters than Azure takes."""
    if len(tags) > 50:
        return refused(400, "TooManyTags", "A resource can have at most 50 tags.")
    for name, value in tags.items():
        if not name or len(name) > 512 or FORBIDDEN_LETTERS.search(name):
            return refused(400, "InvalidTagNameCharacters", f"The tag name '{name}' is invalid.")
        if not isinstance(value, str) or len(value) > 256:
            return refused(400, "TagValueTooLong", f"The value of tag '{name}' is invalid.")
    return None


def _refusal(call: Call, scope: str, resource: Resource | None) -> Answer | None:
    if resource is None:
        return not_found(call, scope)
    lock = locked(call.world, resource.id, "PATCH")
    if lock:
        return lock
    homes = [resource, resource.parent]
    busy = [one for one in homes if isinstance(one, Endpoint) and one.state == "Updating"]
    if busy or resource.state in ("Updating", "Deleting", "Creating", "Scaling"):
        return refused(409, "Conflict", f"'{resource.name}' is in state {resource.state}.")
    return None


def _set(resource: Resource, tags: dict[str, str]) -> Answer:
    refusal = invalid(tags)
    if refusal:
        return refusal
    resource.tags = tags
    resource.modified_at = resource.world.clock.now()
    return _body(resource)


def _body(resource: Resource) -> Answer:
    return Answer(
        200,
        {
            "id": f"{resource.id}/providers/Microsoft.Resources/tags/default",
            "name": "default",
            "type": "Microsoft.Resources/tags",
            "properties": {"tags": dict(resource.tags)},
        },
    )


ROUTES = [
    route("GET", PATTERN, "tags", read),
    route("PATCH", PATTERN, "tags", logged(merge)),
    route("PUT", PATTERN, "tags", logged(replace)),
    route("DELETE", PATTERN, "tags", logged(remove)),
]
