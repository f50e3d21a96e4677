"""Management locks of the subscriptions that hold something, at every level, in one list each."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.errors import AzureFailure
from collectors.reading import Reader
from collectors.records import Hole, Lock, ScopeRead, key_of

LOCKS_API = "2020-05-01"
_PROVIDER = "/providers/microsoft.authorization/locks/"


def read_locks(
    reader: Reader, subscription_ids: Iterable[str]
) -> tuple[list[Lock], list[ScopeRead], list[Hole]]:
    """Locks with the scope that each lies on; a subscription that refuses is a hole."""
    locks: list[Lock] = []
    reads: list[ScopeRead] = []
    holes: list[Hole] = []
    for subscription_id in subscription_ids:
        scope = f"/subscriptions/{subscription_id}"
        path = f"{scope}/providers/Microsoft.Authorization/locks"
        try:
            found = list(reader.pages(path, **{"api-version": LOCKS_API}))
        except AzureFailure as failure:
            holes.append(Hole("locks", subscription_id, failure.code, failure.message))
            continue
        locks += [_lock(body) for body in found]
        reads.append(ScopeRead("locks", key_of(scope), subscription_id))
    return locks, reads, holes


def _lock(body: dict[str, object]) -> Lock:
    spelt = "/" + str(body.get("id", "")).strip("/")
    at = spelt.lower().rfind(_PROVIDER)
    properties = body.get("properties")
    level = properties.get("level") if isinstance(properties, dict) else None
    scope = spelt[:at] if at >= 0 else spelt
    return Lock(scope, str(body.get("name") or spelt.rsplit("/", 1)[-1]), str(level or "unknown"))
