"""What lies beside an endpoint and outlives it: autoscale and diagnostic settings, in raw JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.connection.reading import Reader
from collectors.connection.shapes import each, has_fields, is_flag, is_resource, is_text, odd_fields
from collectors.inventory.row_shapes import is_setting
from collectors.records import key_of

AUTOSCALE_API = "2022-10-01"
# Diagnostic settings have no stable version (azure.md A67).
DIAGNOSTICS_API = "2021-05-01-preview"
_INSIGHTS = "providers/Microsoft.Insights"
_LOG = has_fields({"enabled": is_flag, "category": is_text, "categoryGroup": is_text})
_OF_A_DIAGNOSTIC = {"properties.workspaceId": is_text, "properties.logs": each(_LOG)}


def read_autoscale(
    reader: Reader, subscription_id: str, resource_ids: Iterable[str]
) -> tuple[dict[str, Any], ...]:
    """The autoscale settings that scale one of these resources or watch a metric of it.

    The whole subscription is asked: a setting may lie in any resource group (azure.md A23).
    Any refusal is raised.
    """
    wanted = {key_of(resource_id) for resource_id in resource_ids}
    path = f"/subscriptions/{subscription_id}/{_INSIGHTS}/autoscaleSettings"
    found = reader.pages(path, is_setting, **{"api-version": AUTOSCALE_API})
    return tuple(body for body in found if wanted & set(_named_by(body)))


def read_diagnostics(reader: Reader, resource_id: str) -> tuple[dict[str, Any], ...]:
    """The diagnostic settings of one resource; any refusal is raised."""
    path = f"{resource_id}/{_INSIGHTS}/diagnosticSettings"
    return tuple(reader.pages(path, is_diagnostic, **{"api-version": DIAGNOSTICS_API}))


def is_diagnostic(element: Any) -> bool:
    """A diagnostic setting that tells which logs it sends, and where."""
    return is_resource(element) and not odd_fields(element, _OF_A_DIAGNOSTIC)


def _named_by(setting: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the resources that a setting scales or looks at."""
    properties = _map(setting.get("properties"))
    yield key_of(str(properties.get("targetResourceUri") or ""))
    for profile in _maps(properties.get("profiles")):
        for rule in _maps(profile.get("rules")):
            trigger = _map(rule.get("metricTrigger"))
            yield key_of(str(trigger.get("metricResourceUri") or ""))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
