"""What the service makes in a definition: not sent when it is recreated, nor compared after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# `readOnly` in Microsoft's contract of online endpoints and deployments (mfe.json, 2025-09-01);
# `*` stands for any name.
READ_ONLY: tuple[tuple[str, ...], ...] = (
    ("id",),
    ("name",),
    ("type",),
    ("systemData",),
    ("identity", "principalId"),
    ("identity", "tenantId"),
    ("identity", "userAssignedIdentities", "*", "principalId"),
    ("identity", "userAssignedIdentities", "*", "clientId"),
    ("properties", "provisioningState"),
    ("properties", "scoringUri"),
    ("properties", "swaggerUri"),
)
# Entries that the service itself puts into the free dictionary of properties.
NOTED_BY_SERVICE = (
    ("properties", "properties", "azureml.onlineendpointid"),
    ("properties", "properties", "AzureAsyncOperationUri"),
)


def without_service_made(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a raw definition without what only the service can make."""
    kept: dict[str, Any] = dict(raw)
    for path in (*READ_ONLY, *NOTED_BY_SERVICE):
        kept = _without(kept, path)
    return kept


def _without(value: Any, path: tuple[str, ...]) -> Any:
    """The value without what the path leads to; names compare without case."""
    if not isinstance(value, Mapping):
        return value
    first, rest = path[0].lower(), path[1:]
    return {
        name: _without(inner, rest) if _meets(name, first) else inner
        for name, inner in value.items()
        if rest or not _meets(name, first)
    }


def _meets(name: str, word: str) -> bool:
    return word == "*" or name.lower() == word
