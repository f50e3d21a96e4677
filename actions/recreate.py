"""From an archived definition to what is sent, and what came out differently. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actions.service_made import without_service_made
from queries.policy import Policy

RETIRE = "retire"
MAPS = ("traffic", "mirrorTraffic")


def body_of(raw: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """What a PUT sends: the raw definition without the service's own and without the mark."""
    body = without_service_made(raw)
    if isinstance(body.get("tags"), dict):
        body["tags"] = _unmarked(body["tags"], policy)
    return body


def without_maps(body: Mapping[str, Any]) -> dict[str, Any]:
    """An endpoint that sends nothing anywhere yet: its deployments do not exist."""
    properties = dict(body.get("properties") or {})
    empty: dict[str, Any] = {name: {} for name in MAPS if properties.get(name)}
    return {**body, "properties": properties | empty}


def has_maps(body: Mapping[str, Any]) -> bool:
    """Whether an endpoint's definition gives any deployment a share."""
    return any((body.get("properties") or {}).get(name) for name in MAPS)


def differences(
    archived: Mapping[str, Any], found: Mapping[str, Any], policy: Policy
) -> tuple[str, ...]:
    """Fields that are not as archived, but for the service's own and the retire mark.

    Values are not told: those of environment variables are secrets.
    """
    return tuple(_differing("", body_of(archived, policy), body_of(found, policy)))


def _differing(path: str, was: Any, now: Any) -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now}, key=str):
            inner = f"{path}.{name}" if path else str(name)
            # Azure leaves out what is null, or says so: both mean the same.
            yield from _differing(inner, was.get(name), now.get(name))
    elif was != now:
        word = "is missing" if now is None else "was added" if was is None else "differs"
        yield f"{path} {word}"


def _unmarked(tags: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    dates = {name.lower() for name in policy.tags["retire_after"]}
    roles = {name.lower() for name in policy.tags["role"]}
    return {
        name: value
        for name, value in tags.items()
        if name.lower() not in dates
        and not (name.lower() in roles and str(value).strip().lower() == RETIRE)
    }
