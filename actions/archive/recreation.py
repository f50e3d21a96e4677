"""From an archived definition to what is sent when it is recreated. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actions.archive.service_made import without_service_made
from queries.policy import Policy

RETIRE = "retire"


def body_of(raw: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """What a PUT sends: the raw definition without the service's own and without the mark."""
    body = without_service_made(raw)
    if isinstance(body.get("tags"), dict):
        marks = set(unmarked(raw, policy))
        body["tags"] = {name: value for name, value in body["tags"].items() if name not in marks}
    return body


def unmarked(raw: Mapping[str, Any], policy: Policy) -> Iterator[str]:
    """The tags of a definition that are a retire mark, and so do not come back."""
    tags = raw.get("tags")
    if not isinstance(tags, dict):
        return
    dates = {name.lower() for name in policy.tags["retire_after"]}
    roles = {name.lower() for name in policy.tags["role"]}
    for name, value in tags.items():
        is_role = name.lower() in roles and str(value).strip().lower() == RETIRE
        if is_role or name.lower() in dates:
            yield name
