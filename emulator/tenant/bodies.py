"""The ARM JSON of each resource, with the looseness that the real service shows."""

from __future__ import annotations

import zlib
from typing import Any

from emulator.tenant.clock import instant
from emulator.tenant.resources import ABSENT, Endpoint, Resource, ResourceGroup, Subscription
from emulator.tenant.shapes import Json


def body(resource: Resource) -> Json:
    """What a GET of the resource answers; shares its parts with the resource."""
    if isinstance(resource, Subscription):
        return _subscription(resource)
    if isinstance(resource, ResourceGroup):
        return _resource_group(resource)
    shown: Json = {
        "id": resource.id,
        "name": resource.name,
        "type": resource.type,
        "properties": properties(resource),
        "systemData": system_data(resource),
        "tags": dict(resource.tags),
    }
    for key in ("location", "kind", "sku", "identity"):
        value = getattr(resource, key)
        if value is not None:
            shown[key] = value
    return shown


def properties(resource: Resource) -> Json:
    """The raw properties with the provisioning state, and with the traffic of an endpoint."""
    shown = dict(resource.properties)
    shown["provisioningState"] = resource.state
    if isinstance(resource, Endpoint):
        traffic, mirror = resource.traffic_now(), resource.mirror_now()
        if traffic is not ABSENT:
            shown["traffic"] = None if traffic is None else dict(traffic)
        if mirror is not None and mirror is not ABSENT:
            shown["mirrorTraffic"] = dict(mirror)
        else:
            shown.update(_no_mirror(resource))
    return shown


def system_data(resource: Resource) -> Json:
    """Who made it, and when; {} where the creation is unknown."""
    if resource.created_at is None:
        return {}
    digits = 7 if _odd(resource) else 6
    modified = resource.modified_at or resource.created_at
    return {
        "createdBy": resource.created_by,
        "createdByType": "User",
        "createdAt": instant(resource.created_at, digits),
        "lastModifiedBy": resource.created_by,
        "lastModifiedByType": "User",
        "lastModifiedAt": instant(modified, digits),
    }


def _no_mirror(endpoint: Endpoint) -> dict[str, Any]:
    """No mirror is said in three ways: absent, null, {}."""
    choices: tuple[dict[str, Any], ...] = ({}, {"mirrorTraffic": None}, {"mirrorTraffic": {}})
    return choices[zlib.crc32(endpoint.name.encode()) % 3]


def _odd(resource: Resource) -> bool:
    return zlib.crc32(resource.id.encode()) % 2 == 1


def _subscription(subscription: Subscription) -> Json:
    return {
        "id": subscription.id,
        "subscriptionId": subscription.subscription_id,
        "displayName": subscription.name,
        "state": subscription.state,
        "tenantId": subscription.world.tenant_id,
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "EnterpriseAgreement_2014-09-01",
            "spendingLimit": "Off",
        },
        "tags": dict(subscription.tags),
    }


def _resource_group(group: ResourceGroup) -> Json:
    return {
        "id": group.id,
        "name": group.name,
        "type": group.type,
        "location": group.location,
        "tags": dict(group.tags),
        "properties": {"provisioningState": group.state},
    }
