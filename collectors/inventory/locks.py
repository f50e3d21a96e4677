"""Management locks of the subscriptions that hold something, at every level, in one list each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.connection.shapes import is_resource
from collectors.records import Lock, ReadError, ScopeRead, key_of
from collectors.sources import LOCKS

LOCKS_API = "2020-05-01"
_PROVIDER = "/providers/microsoft.authorization/locks/"


def read_locks(
    reader: Reader, subscription_ids: Iterable[str]
) -> tuple[list[Lock], list[ScopeRead], list[ReadError]]:
    """Locks with the scope that each lies on; a subscription that refuses is a read error.

    So is one with a lock that is not understood; those that are stay in the answer.
    """
    locks: list[Lock] = []
    reads: list[ScopeRead] = []
    read_errors: list[ReadError] = []
    for subscription_id in subscription_ids:
        scope = f"/subscriptions/{subscription_id}"
        path = f"{scope}/providers/Microsoft.Authorization/locks"
        try:
            for body in reader.pages(path, is_lock, **{"api-version": LOCKS_API}):
                locks.append(_lock(body))
        except AzureFailure as failure:
            read_errors.append(
                ReadError(LOCKS.name, subscription_id, failure.code, failure.message)
            )
            continue
        reads.append(ScopeRead(LOCKS.name, key_of(scope), subscription_id))
    return locks, reads, read_errors


def is_lock(element: Any) -> bool:
    """A lock that tells what it lies on and what it refuses."""
    return (
        is_resource(element)
        and _PROVIDER in f"/{element['id']}".lower()
        and isinstance(element["properties"].get("level"), str)
        and isinstance(element.get("name"), str | None)
    )


def _lock(body: Mapping[str, Any]) -> Lock:
    spelt = "/" + body["id"].strip("/")
    scope = spelt[: spelt.lower().rfind(_PROVIDER)]
    name = str(body.get("name") or spelt.rsplit("/", 1)[-1])
    return Lock(scope, name, body["properties"]["level"])
