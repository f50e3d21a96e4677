"""What the sign-in may do beyond reading, by the permissions that Resource Manager names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from collectors.connection.reading import Reader
from collectors.connection.shapes import each, has_fields, is_text
from collectors.sources import ML_WRITES, TAG_CONTRIBUTOR

API = "2022-04-01"
# What is done with deployments, and the actions that it takes in one subscription.
DEEDS: Mapping[str, Sequence[str]] = {
    "tag": (TAG_CONTRIBUTOR.action or "",),
    "delete": (ML_WRITES["delete"], ML_WRITES["delete endpoint"]),
    "restore": (ML_WRITES["create"], ML_WRITES["create endpoint"]),
}
_TEXTS = each(is_text)
_IS_PERMISSION = has_fields({"actions": _TEXTS, "notActions": _TEXTS})


@dataclass(frozen=True, slots=True)
class Permission:
    """The actions of one role assignment; `*` stands for any part of a name."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]

    def allows(self, action: str) -> bool:
        """Whether it allows an action; case does not matter."""
        return _names(self.actions, action) and not _names(self.not_actions, action)


def missing_actions(reader: Reader, subscription_id: str) -> dict[str, list[str]]:
    """For each deed the actions that the sign-in lacks in a subscription. Raises AzureFailure."""
    path = f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/permissions"
    found = reader.pages(path, _IS_PERMISSION, **{"api-version": API})
    permissions = list(map(_permission, found))
    return {deed: list(_missing(permissions, actions)) for deed, actions in DEEDS.items()}


def _missing(permissions: Sequence[Permission], actions: Iterable[str]) -> Iterator[str]:
    for action in actions:
        if not any(one.allows(action) for one in permissions):
            yield action


def _permission(element: Mapping[str, Any]) -> Permission:
    actions, others = element.get("actions"), element.get("notActions")
    return Permission(tuple(actions or ()), tuple(others or ()))


def _names(patterns: Iterable[str], action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
