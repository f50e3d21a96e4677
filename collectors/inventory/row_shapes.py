"""What of one Azure resource in raw JSON can be read, and what of it has not its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collectors.connection.shapes import (
    Fields,
    each,
    either,
    has_fields,
    has_id,
    is_flag,
    is_object,
    is_resource,
    is_tags,
    is_text,
    odd_fields,
)
from collectors.inventory.resources import AUTOSCALE, moment, part, whole


def is_moment(value: Any) -> bool:
    """A time that can be read; Azure leaves some empty."""
    return value == "" or moment(value) is not None


def is_capacity(value: Any) -> bool:
    """A number of instances, which some answers spell as a text (azure.md A8)."""
    return value == "" or whole(value) is not None


# What a verdict could go wrong by, were it taken for unknown: a row with one of it odd is refused.
_OF_ITS_STATE: Fields = {
    "kind": is_text,
    "properties.endpointComputeType": is_text,
    "properties.provisioningState": is_text,
    "properties.softDeletedAt": is_moment,
}
_OF_ITS_CREATION: Fields = {"systemData.createdAt": is_moment, "systemData.createdBy": is_text}
_TEXTS = (
    "location",
    "identity.type",
    "properties.authMode",
    "properties.codeConfiguration.codeId",
    "properties.codeConfiguration.scoringScript",
    "properties.egressPublicNetworkAccess",
    "properties.environmentId",
    "properties.hubResourceId",
    "properties.instanceType",
    "properties.modelSettings.modelId",
    "properties.publicNetworkAccess",
    "properties.requestSettings.maxQueueWait",
    "properties.requestSettings.requestTimeout",
    "properties.scaleSettings.scaleType",
)
_OF_A_ROW: Fields = {
    **dict.fromkeys(_TEXTS, is_text),
    "properties.appInsightsEnabled": is_flag,
    "properties.model": either(is_text, is_object),
    "properties.requestSettings.maxConcurrentRequestsPerInstance": is_capacity,
    "properties.scheduledPurgeDate": is_moment,
    "sku.capacity": is_capacity,
    **_OF_ITS_CREATION,
}
_CAPACITIES = dict.fromkeys(("minimum", "maximum", "default"), is_capacity)
_RULE = has_fields({"metricTrigger.metricResourceUri": is_text})
_PROFILE: Fields = {"capacity": has_fields(_CAPACITIES), "rules": each(_RULE)}
_OF_A_SETTING: Fields = {
    "properties.enabled": is_flag,
    "properties.profiles": each(has_fields(_PROFILE)),
    "properties.targetResourceUri": is_text,
}


def is_row(element: Any) -> bool:
    """A row of Resource Graph that can be read as what its type says.

    An autoscale setting need not: no verdict rests on it, so it is looked at by itself.
    """
    if not has_id(element) or not isinstance(element.get("type"), str):
        return False
    kind = element["type"].lower()
    if kind == AUTOSCALE:
        return True
    return (
        is_resource(element)
        and _type_in(element["id"]) == kind
        and not odd_fields(element, _OF_ITS_STATE)
    )


def is_created(element: Any) -> bool:
    """A resource that tells when and by whom it was created in a way that can be read, or not."""
    return is_resource(element) and not odd_fields(element, _OF_ITS_CREATION)


def is_group(element: Any) -> bool:
    """A resource group whose tags can be read, where it has any."""
    return (
        has_id(element)
        and part(element["id"], "resourceGroups") is not None
        and not odd_fields(element, {"tags": is_tags})
    )


def is_setting(element: Any) -> bool:
    """An autoscale setting that can be read; what it scales may be left open."""
    if not is_resource(element):
        return False
    return not odd_fields(element, _OF_A_SETTING)


def odd_parts(row: Mapping[str, Any]) -> list[str]:
    """What of a whole row has not its shape, and so is unknown: the paths of its fields."""
    return odd_fields(row, _OF_A_ROW)


def _type_in(resource_id: str) -> str:
    """The type that an id names, in lower case; empty where it names none."""
    _, _, tail = resource_id.lower().partition("/providers/microsoft.")
    words = f"microsoft.{tail}".strip("/").split("/")
    return "/".join([words[0], *words[1::2]]) if len(words) % 2 else ""
