"""Machine Learning's usages: the cores of each family that a region may hold, and does hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.resources import PROVIDER, Resource
from emulator.tenant.shapes import Json

LIMIT_CORES = 100
# Size without case: its family as Azure names it, and its cores.
SIZES: Final = {
    "standard_ds1_v2": ("standardDSv2Family", 1),
    "standard_ds2_v2": ("standardDSv2Family", 2),
    "standard_ds3_v2": ("standardDSv2Family", 4),
    "standard_ds4_v2": ("standardDSv2Family", 8),
    "standard_f2s_v2": ("standardFSv2Family", 2),
    "standard_f4s_v2": ("standardFSv2Family", 4),
    "standard_f8s_v2": ("standardFSv2Family", 8),
    "standard_e2s_v3": ("standardESv3Family", 2),
    "standard_e4s_v3": ("standardESv3Family", 4),
    "standard_e8s_v3": ("standardESv3Family", 8),
    "standard_e16s_v3": ("standardESv3Family", 16),
    "standard_nc6s_v3": ("standardNCSv3Family", 6),
    "standard_nc12s_v3": ("standardNCSv3Family", 12),
    "standard_nc24ads_a100_v4": ("standardNCADSA100v4Family", 24),
    "standard_nc48ads_a100_v4": ("standardNCADSA100v4Family", 48),
}


def usages(call: Call, subscription: str, region: str) -> Answer:
    """The families of a region with the cores that living deployments hold."""
    found = call.world.lookup(f"/subscriptions/{subscription}")
    if found is None:
        text = f"The subscription '{subscription}' could not be found."
        return refused(404, "SubscriptionNotFound", text)
    used = dict.fromkeys(sorted({family for family, _cores in SIZES.values()}), 0)
    for family, cores in _held(found, region):
        used[family] += cores
    rows = [_row(call.path, region, family, cores) for family, cores in used.items()]
    return Answer(200, {"value": rows, "nextLink": None})


def _held(resource: Resource, region: str) -> Iterator[tuple[str, int]]:
    """Family and cores of every managed deployment of a region beneath a resource."""
    for child in resource.children:
        if not child.exists():
            continue
        yield from _held(child, region)
        known = SIZES.get(str(child.properties.get("instanceType")).casefold())
        if known is not None and (child.location or "").casefold() == region.casefold():
            family, cores = known
            yield family, cores * int((child.sku or {}).get("capacity") or 1)


def _row(path: str, region: str, family: str, used: int) -> Json:
    return {
        "id": f"{path}/{family}",
        "amlWorkspaceLocation": region,
        "type": f"{PROVIDER}/usages",
        "unit": "Count",
        "currentValue": used,
        "limit": LIMIT_CORES,
        "name": {"value": family, "localizedValue": family},
    }


ROUTES = [
    route(
        "GET",
        f"/subscriptions/{{subscription}}/providers/{PROVIDER}/locations/{{region}}/usages",
        "arm",
        usages,
    )
]
