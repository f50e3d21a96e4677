"""Which part of the tenant a collection is asked to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collectors.connection.errors import AzureFailure, Misshapen, Missing, Refused, SignInFailed
from collectors.connection.reading import Reader
from collectors.connection.shapes import has_id, is_tags, is_text, odd_fields
from collectors.inventory.resources import part, tags_of
from collectors.records import ReadError, Subscription, key_of
from collectors.sources import SUBSCRIPTIONS

SUBSCRIPTIONS_API = "2022-12-01"
MANAGEMENT_GROUPS_API = "2020-05-01"


@dataclass(frozen=True, slots=True)
class Scope:
    """What to read. All empty: every subscription that the sign-in sees."""

    subscriptions: tuple[str, ...] = ()
    management_group: str | None = None
    workspaces: tuple[str, ...] = ()
    endpoint: str | None = None

    def covers(self, resource_id: str) -> bool:
        """Whether a resource lies in it, by the workspaces or the endpoint that it names."""
        narrow = (*self.workspaces, *([self.endpoint] if self.endpoint else []))
        if not narrow:
            return True
        key = key_of(resource_id)
        return any(_within(key, key_of(place)) for place in narrow)

    @property
    def narrowed_to(self) -> tuple[str, ...]:
        """Keys of the workspaces or the endpoint that it is narrowed to; empty: none."""
        return tuple(key_of(i) for i in (self.endpoint, *self.workspaces) if i)


def visible_subscriptions(
    reader: Reader, scope: Scope
) -> tuple[tuple[Subscription, ...], tuple[ReadError, ...]]:
    """The subscriptions of the scope; one that was named but is not visible is a read error."""
    listed: dict[str, Subscription] = {}
    try:
        for found in subscriptions_seen(reader):
            listed[found.subscription_id.lower()] = found
    except SignInFailed:
        raise
    except AzureFailure as failure:
        named = _named(reader, scope) if scope != Scope() else ()
        read_error = ReadError(SUBSCRIPTIONS.name, "tenant", failure.code, failure.message)
        if named:
            return tuple(listed.get(name) or Subscription(name) for name in named), (read_error,)
        if listed and isinstance(failure, Misshapen):
            return tuple(listed.values()), (read_error,)
        failure.source = SUBSCRIPTIONS.name
        raise
    if scope.management_group or scope.subscriptions or scope.narrowed_to:
        wanted = _named(reader, scope)
        kept = tuple(listed[name] for name in wanted if name in listed)
        return kept, tuple(_unseen(name) for name in wanted if name not in listed)
    if not listed:
        raise Refused("the sign-in sees no subscription at all", "NoSubscription")
    return tuple(listed.values()), ()


def subscriptions_seen(reader: Reader) -> Iterator[Subscription]:
    """Every subscription that the sign-in sees, as they come."""
    for body in reader.pages("/subscriptions", _is_subscription, **_version()):
        yield _subscription(body)


def _named(reader: Reader, scope: Scope) -> tuple[str, ...]:
    named = [name.lower() for name in scope.subscriptions]
    for place in scope.narrowed_to:
        named.append(part(place, "subscriptions") or "")
    if scope.management_group:
        named += members_of(reader, scope.management_group)
    return tuple(dict.fromkeys(name for name in named if name))


def members_of(reader: Reader, group: str) -> list[str]:
    """The ids of the subscriptions below a management group; Missing where there is none."""
    path = f"/providers/Microsoft.Management/managementGroups/{group}/descendants"
    query = {"api-version": MANAGEMENT_GROUPS_API}
    found = reader.pages(path, _is_descendant, **query)
    kind = "/subscriptions"
    members = [body["name"].lower() for body in found if body["type"].endswith(kind)]
    if not members:
        raise Missing(f"the management group {group!r} holds no subscription", "NoSubscription")
    return members


def _is_descendant(element: Any) -> bool:
    return has_id(element) and all(isinstance(element.get(n), str) for n in ("name", "type"))


def _is_subscription(element: Any) -> bool:
    return (
        has_id(element)
        and part(element["id"], "subscriptions") is not None
        and not odd_fields(element, {"displayName": is_text, "state": is_text, "tags": is_tags})
    )


def _subscription(body: Mapping[str, Any]) -> Subscription:
    identity = part(body["id"], "subscriptions") or ""
    tags = tags_of(body.get("tags"))
    return Subscription(identity, body.get("displayName"), body.get("state"), tags)


def _unseen(name: str) -> ReadError:
    text = "the sign-in does not see this subscription"
    return ReadError(SUBSCRIPTIONS.name, name, "NotVisible", text)


def _within(key: str, place: str) -> bool:
    return key == place or key.startswith(place + "/") or place.startswith(key + "/")


def _version() -> dict[str, str]:
    return {"api-version": SUBSCRIPTIONS_API}
