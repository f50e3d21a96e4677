"""The rows of Resource Graph: what the tenant holds, in the casing of that service."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from emulator.tenant.bodies import body, system_data
from emulator.tenant.clock import instant
from emulator.tenant.resources import Resource, ResourceGroup, Subscription
from emulator.tenant.shapes import Json

# Whether rows have the column systemData; "null": it is there and empty.
SystemData = bool | Literal["null"]
# row: one deployment of each endpoint with several; traffic, tag: one entry of each map; creation:
# it is a day late.
Loss = Literal["row", "traffic", "tag", "creation"]
COLUMNS = (
    "id",
    "name",
    "type",
    "tenantId",
    "kind",
    "location",
    "resourceGroup",
    "subscriptionId",
    "managedBy",
    "sku",
    "plan",
    "properties",
    "tags",
    "identity",
    "zones",
    "extendedLocation",
)


def rows_of(
    tenant_id: str,
    resources: Iterable[Resource],
    autoscale_settings: Iterable[Json],
    system: SystemData,
) -> list[Json]:
    """Every row of both tables, by id."""
    found = [_row(tenant_id, system, resource) for resource in resources]
    found += [_setting_row(tenant_id, system, setting) for setting in autoscale_settings]
    return sorted(found, key=lambda row: str(row["id"]).casefold())


def less(rows: list[Json], losses: frozenset[Loss]) -> list[Json]:
    """The rows without what Resource Graph loses."""
    lost = _lost_rows(rows) if "row" in losses else set()
    return [_less(row, losses) for row in rows if row["id"] not in lost]


def _lost_rows(rows: list[Json]) -> set[str]:
    by_endpoint: dict[str, list[str]] = {}
    for row in rows:
        if (
            row["type"]
            == "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"
        ):
            endpoint = str(row["id"]).rsplit("/", 2)[0].casefold()
            by_endpoint.setdefault(endpoint, []).append(row["id"])
    return {max(ids) for ids in by_endpoint.values() if len(ids) > 1}


def _less(row: Json, losses: frozenset[Loss]) -> Json:
    properties, changed = row.get("properties"), dict(row)
    if "traffic" in losses and isinstance(properties, dict) and properties.get("traffic"):
        changed["properties"] = properties | {"traffic": _without_one(properties["traffic"])}
    if "tag" in losses and row.get("tags"):
        changed["tags"] = _without_one(row["tags"]) or None
    if "creation" in losses and (row.get("systemData") or {}).get("createdAt"):
        made = datetime.fromisoformat(row["systemData"]["createdAt"]) + timedelta(days=1)
        changed["systemData"] = row["systemData"] | {"createdAt": instant(made, 6)}
    return changed


def _without_one(entries: Json) -> Json:
    return {name: entries[name] for name in sorted(entries)[1:]}


def _row(tenant_id: str, system: SystemData, resource: Resource) -> Json:
    shown = body(resource)
    type_ = _graph_type(resource)
    parts = resource.id.split("/")
    row: Json = {name: shown.get(name) for name in COLUMNS}
    row |= {
        "id": _graph_id(resource),
        "name": resource.name,
        "type": type_,
        "tenantId": tenant_id,
        "resourceGroup": parts[4].lower() if len(parts) > 4 else "",
        "subscriptionId": resource.subscription_id,
        "location": resource.location or "",
        "kind": resource.kind or "",
        "managedBy": "",
        "tags": dict(resource.tags) or None,
    }
    if system:
        row["systemData"] = None
        if system is True and not type_.startswith("microsoft.resources/"):
            row["systemData"] = system_data(resource)
    return row


def _setting_row(tenant_id: str, system: SystemData, setting: Json) -> Json:
    """An autoscale setting; it is listed in lower case, as its target may be."""
    parts = setting["id"].split("/")
    properties = setting["properties"]
    row: Json = {name: setting.get(name) for name in COLUMNS}
    row |= {
        "type": "microsoft.insights/autoscalesettings",
        "tenantId": tenant_id,
        "resourceGroup": parts[4].lower(),
        "subscriptionId": parts[2],
        "kind": "",
        "managedBy": "",
        "tags": setting.get("tags") or None,
        "properties": properties
        | {"targetResourceUri": str(properties["targetResourceUri"]).lower()},
    }
    if system:
        row["systemData"] = None
    return row


def _graph_type(resource: Resource) -> str:
    if isinstance(resource, ResourceGroup):
        return "microsoft.resources/subscriptions/resourcegroups"
    return resource.type.lower()


def _graph_id(resource: Resource) -> str:
    """Some ids are spelt in another casing than ARM's."""
    if isinstance(resource, Subscription) or zlib.crc32(resource.id.encode()) % 3:
        return resource.id
    changed = resource.id.replace("/resourceGroups/", "/resourcegroups/")
    return changed.replace("/onlineEndpoints/", "/onlineendpoints/")
