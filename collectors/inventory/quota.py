"""How many cores of a family a region has left; where that is not known, nothing is assumed."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.connection.shapes import is_object
from collectors.inventory.inventory import ML_API


@dataclass(frozen=True, slots=True)
class Quota:
    """Cores of one family in one region. `left` None: not known, and `summary` says why."""

    left: int | None
    summary: str


def read_quota(reader: Reader, subscription_id: str, region: str, family: str) -> Quota:
    """Ask Machine Learning's usages of a region; no refusal is raised."""
    path = (
        f"/subscriptions/{subscription_id}/providers/Microsoft.MachineLearningServices"
        f"/locations/{region}/usages"
    )
    try:
        rows = list(reader.pages(path, is_object, **{"api-version": ML_API}))
    except AzureFailure as failure:
        return Quota(None, f"not known: {failure.message} ({failure.code})")
    for row in rows:
        name = row.get("name")
        value = name.get("value") if isinstance(name, dict) else None
        limit, used = row.get("limit"), row.get("currentValue")
        if str(value or "").lower() != family.lower():
            continue
        if not isinstance(limit, int) or not isinstance(used, int) or limit < 0:
            break
        return Quota(limit - used, f"{limit - used} of {limit} cores of {family} are left")
    return Quota(None, f"not known: {region} tells no quota of {family}")
