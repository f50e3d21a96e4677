"""How many cores of a family a region has left; where that is not known, nothing is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.connection.shapes import has_fields, is_text, is_whole_number
from collectors.inventory.inventory import ML_API


@dataclass(frozen=True, slots=True)
class Quota:
    """Cores of one family in one region. `left` None: not known, and `summary` says why."""

    left: int | None
    summary: str


# A limit of -1 is none.
_HAS_FIELDS = has_fields(
    {"name.value": is_text, "limit": is_whole_number, "currentValue": is_whole_number}
)


def _is_usage(element: Any) -> bool:
    return _HAS_FIELDS(element) and isinstance(element.get("name"), dict)


def read_quota(reader: Reader, subscription_id: str, region: str, family: str) -> Quota:
    """Ask Machine Learning's usages of a region; no refusal is raised."""
    path = (
        f"/subscriptions/{subscription_id}/providers/Microsoft.MachineLearningServices"
        f"/locations/{region}/usages"
    )
    try:
        rows = list(reader.pages(path, _is_usage, **{"api-version": ML_API}))
    except AzureFailure as failure:
        return Quota(None, f"not known: {failure.message} ({failure.code})")
    for row in rows:
        name, limit, used = row["name"].get("value"), row.get("limit"), row.get("currentValue")
        if (name or "").lower() != family.lower():
            continue
        if limit is None or used is None or limit < 0:
            break
        return Quota(limit - used, f"{limit - used} of {limit} cores of {family} are left")
    return Quota(None, f"not known: {region} tells no quota of {family}")
