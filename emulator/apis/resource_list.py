"""Resource Manager's generic list of a subscription's resources, with creation times on request."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.clock import instant
from emulator.tenant.resources import Resource, same
from emulator.tenant.shapes import Json
from emulator.tenant.world import World

LONGEST_PAGE = 1000
FILTER = re.compile(r"\s*resourceType\s+eq\s+'([^']+)'\s*", re.IGNORECASE)
EXPANDABLE = ("createdtime", "changedtime", "provisioningstate")


def resources(call: Call, subscription: str) -> Answer:
    """One page of the resources of one type, as the list knew them a while ago where it lags."""
    found = FILTER.fullmatch(call.query.get("$filter", ""))
    expanded = [part.strip().casefold() for part in call.query.get("$expand", "").split(",")]
    if found is None or any(part and part not in EXPANDABLE for part in expanded):
        return refused(400, "InvalidFilterInQueryString", "The filter or $expand is not supported.")
    if call.world.lookup(f"/subscriptions/{subscription}") is None:
        text = f"The subscription '{subscription}' could not be found."
        return refused(404, "SubscriptionNotFound", text)
    world, kind = call.world, found[1].casefold()
    by_subscription = world.once(("resource list", kind), lambda: _listed(world, kind))
    rows = by_subscription.get(subscription.casefold(), [])
    return _page(call, rows, lambda row: _row(row, expanded, world.resource_list_late))


def _listed(world: World, kind: str) -> dict[str, list[Resource]]:
    """The resources of a type by subscription."""
    moment: datetime = world.clock.now() - world.resource_list_lags
    rows = [
        resource
        for held in world.by_id.values()
        for resource in held
        if same(resource.type, kind)
        and resource.exists(moment)
        and not any(same(resource.id, one) for one in world.not_in_resource_list)
    ]
    by_subscription: dict[str, list[Resource]] = {}
    for resource in sorted(rows, key=lambda resource: resource.id.casefold()):
        by_subscription.setdefault(resource.subscription_id.casefold(), []).append(resource)
    return by_subscription


def _row(resource: Resource, expanded: list[str], late: timedelta) -> Json:
    """Generic fields only: neither properties nor systemData."""
    row: Json = {"id": resource.id, "name": resource.name, "type": resource.type}
    for key in ("location", "kind", "sku"):
        if getattr(resource, key) is not None:
            row[key] = getattr(resource, key)
    if resource.tags:
        row["tags"] = dict(resource.tags)
    times = {
        "createdTime": resource.created_at,
        "changedTime": resource.modified_at or resource.created_at,
    }
    for name, moment in times.items():
        if name.casefold() in expanded and moment is not None:
            row[name] = instant(moment + late, 7)
    return row


def _page(call: Call, rows: list[Resource], shown: Callable[[Resource], Json]) -> Answer:
    size = min(int(call.query.get("$top") or LONGEST_PAGE), call.world.longest_resource_page)
    token = call.query.get("$skiptoken", "")
    start = int(base64.urlsafe_b64decode(token).decode()) if token else 0
    answer: Json = {"value": [shown(row) for row in rows[start : start + size]]}
    if start + size < len(rows):
        token = base64.urlsafe_b64encode(str(start + size).encode()).decode()
        kept = {name: value for name, value in call.query.items() if name != "$skiptoken"}
        answer["nextLink"] = f"{call.base}{call.path}?{urlencode({**kept, '$skiptoken': token})}"
    return Answer(200, answer)


ROUTES = [route("GET", "/subscriptions/{subscription}/resources", "resources", resources)]
