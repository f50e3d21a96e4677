"""Resource Manager's generic list of a subscription's resources, with creation times on request."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.clock import instant
from emulator.tenant.resources import Resource, same
from emulator.tenant.shapes import Json

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
    rows = _listed(call, subscription, found[1])
    late = call.world.resource_list_late
    return _page(call, [_row(row, expanded, late) for row in rows])


def _listed(call: Call, subscription: str, kind: str) -> list[Resource]:
    world = call.world
    moment: datetime = world.clock.now() - world.resource_list_lags
    rows = [
        resource
        for held in world.by_id.values()
        for resource in held
        if same(resource.type, kind)
        and same(resource.subscription_id, subscription)
        and resource.exists(moment)
        and not any(same(resource.id, one) for one in world.not_in_resource_list)
    ]
    return sorted(rows, key=lambda resource: resource.id.casefold())


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


def _page(call: Call, rows: list[Json]) -> Answer:
    size = min(int(call.query.get("$top") or LONGEST_PAGE), call.world.longest_resource_page)
    token = call.query.get("$skiptoken", "")
    start = int(base64.urlsafe_b64decode(token).decode()) if token else 0
    answer: Json = {"value": rows[start : start + size]}
    if start + size < len(rows):
        token = base64.urlsafe_b64encode(str(start + size).encode()).decode()
        kept = {name: value for name, value in call.query.items() if name != "$skiptoken"}
        answer["nextLink"] = f"{call.base}{call.path}?{urlencode({**kept, '$skiptoken': token})}"
    return Answer(200, answer)


ROUTES = [route("GET", "/subscriptions/{subscription}/resources", "resources", resources)]
