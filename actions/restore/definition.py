"""What is sent of a definition's traffic, and what came out differently. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actions.archive.recreation import body_of
from queries.policy import Policy

MAPS = ("traffic", "mirrorTraffic")


def without_maps(body: Mapping[str, Any]) -> dict[str, Any]:
    """An endpoint that sends nothing anywhere yet: its deployments do not exist."""
    properties = dict(body.get("properties") or {})
    empty: dict[str, Any] = {name: {} for name in MAPS if properties.get(name)}
    return {**body, "properties": properties | empty}


def without_zeros(body: Mapping[str, Any]) -> dict[str, Any]:
    """An endpoint whose maps name only who has a share: a zero may come and go by itself."""
    properties = dict(body.get("properties") or {})
    for name in MAPS:
        shares = properties.get(name)
        if isinstance(shares, Mapping):
            properties[name] = {key: share for key, share in shares.items() if share} or None
    return {**body, "properties": properties}


def has_maps(body: Mapping[str, Any]) -> bool:
    """Whether an endpoint's definition gives any deployment a share."""
    return any((body.get("properties") or {}).get(name) for name in MAPS)


def differences(
    archived: Mapping[str, Any], found: Mapping[str, Any], policy: Policy
) -> tuple[str, ...]:
    """Fields that are not as archived, but for the service's own and the retire mark.

    Values are not reported: those of environment variables are secrets.
    """
    return tuple(_differing("", body_of(archived, policy), body_of(found, policy)))


def _differing(path: str, was: Any, now: Any) -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now}, key=str):
            inner = f"{path}.{name}" if path else str(name)
            # Azure leaves out what is null, or says so: both mean the same.
            yield from _differing(inner, was.get(name), now.get(name))
    elif was != now and not _both_empty(was, now):
        word = "is missing" if now is None else "was added" if was is None else "differs"
        yield f"{path} {word}"


def _both_empty(was: Any, now: Any) -> bool:
    """Whether one is null and the other an empty object, which Azure answers for it."""
    return was in (None, {}) and now in (None, {})
