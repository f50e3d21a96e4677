"""One Azure resource in raw JSON -> one record, tolerant of what real answers leave out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from collectors.connection.shapes import is_count, is_number
from collectors.records import AutoscaleSetting, Deployment, Endpoint, RawResource, Workspace

_PROVIDER = "microsoft.machinelearningservices/workspaces"
WORKSPACE = _PROVIDER
ONLINE_ENDPOINT = f"{_PROVIDER}/onlineendpoints"
ONLINE_DEPLOYMENT = f"{_PROVIDER}/onlineendpoints/deployments"
BATCH_ENDPOINT = f"{_PROVIDER}/batchendpoints"
BATCH_DEPLOYMENT = f"{_PROVIDER}/batchendpoints/deployments"
SERVERLESS_ENDPOINT = f"{_PROVIDER}/serverlessendpoints"
TYPES = (
    WORKSPACE,
    ONLINE_ENDPOINT,
    ONLINE_DEPLOYMENT,
    BATCH_ENDPOINT,
    BATCH_DEPLOYMENT,
    SERVERLESS_ENDPOINT,
)
AUTOSCALE = "microsoft.insights/autoscalesettings"
_ALL_OF_IT = 100
NOT_STORED = "(not stored)"


def is_share(value: Any) -> bool:
    """Percent of traffic."""
    return is_number(value) and 0 <= value <= _ALL_OF_IT


def part(resource_id: str, collection: str) -> str | None:
    """The name after a collection in an id, spelt as there: part(id, "workspaces")."""
    words = resource_id.strip("/").split("/")
    for at, word in enumerate(words[:-1]):
        if word.lower() == collection.lower():
            return sys.intern(words[at + 1])
    return None


def parent(resource_id: str) -> str:
    """The id without its last collection and name."""
    return sys.intern(resource_id.rstrip("/").rsplit("/", 2)[0])


def moment(text: Any) -> datetime | None:
    """An ISO time as aware UTC; six or seven digits of fraction, `Z` or an offset."""
    if not isinstance(text, str) or not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def workspace_from(body: Mapping[str, Any]) -> Workspace:
    """A workspace of any kind."""
    properties = _map(body.get("properties"))
    return Workspace(
        **_place(body),
        name=_name(body),
        region=_region(body.get("location")),
        kind=_text(body.get("kind")),
        hub_id=_text(properties.get("hubResourceId")),
        provisioning_state=_text(properties.get("provisioningState")),
        soft_deleted_at=moment(properties.get("softDeletedAt")),
        purged_at=moment(properties.get("scheduledPurgeDate")),
        **_origin(body),
    )


def endpoint_from(body: Mapping[str, Any], kind: str) -> Endpoint:
    """An endpoint; `kind` is managed, kubernetes, batch or serverless."""
    properties = _map(body.get("properties"))
    return Endpoint(
        **_place(body),
        workspace_id=parent(_id(body)),
        workspace=part(_id(body), "workspaces") or "",
        name=_name(body),
        kind=kind,
        region=_region(body.get("location")),
        provisioning_state=_text(properties.get("provisioningState")),
        auth_mode=_text(properties.get("authMode")),
        public_network_access=_text(properties.get("publicNetworkAccess")),
        identity_kind=_text(_map(body.get("identity")).get("type")),
        traffic=None if has_odd_map(body) else shares(properties.get("traffic")),
        mirror=shares(properties.get("mirrorTraffic")),
        **_origin(body),
    )


def deployment_from(body: Mapping[str, Any], kind: str) -> Deployment:
    """An online or batch deployment."""
    properties = _map(body.get("properties"))
    code = _map(properties.get("codeConfiguration"))
    settings = _map(properties.get("requestSettings"))
    return Deployment(
        **_place(body),
        endpoint_id=parent(_id(body)),
        workspace_id=parent(parent(_id(body))),
        workspace=part(_id(body), "workspaces") or "",
        endpoint=_name({"id": parent(_id(body))}),
        name=_name(body),
        kind=kind,
        region=_region(body.get("location")),
        provisioning_state=_text(properties.get("provisioningState")),
        instance_type=_text(properties.get("instanceType")),
        instance_count=whole(_map(body.get("sku")).get("capacity")),
        model=_asset(properties.get("model")),
        environment=_text(properties.get("environmentId")),
        code=_text(code.get("codeId")),
        scoring_script=_text(code.get("scoringScript")),
        request_timeout=_text(settings.get("requestTimeout")),
        max_concurrent_requests_per_instance=whole(
            settings.get("maxConcurrentRequestsPerInstance")
        ),
        max_queue_wait=_text(settings.get("maxQueueWait")),
        scale_type=_text(_map(properties.get("scaleSettings")).get("scaleType")),
        egress_public_network_access=_text(properties.get("egressPublicNetworkAccess")),
        app_insights_enabled=_flag(properties.get("appInsightsEnabled")),
        **_origin(body),
    )


def serverless_from(body: Mapping[str, Any]) -> Deployment:
    """A serverless endpoint as the one row that it is: no deployment, no instances."""
    properties = _map(body.get("properties"))
    return Deployment(
        **_place(body),
        endpoint_id=_id(body),
        workspace_id=parent(_id(body)),
        workspace=part(_id(body), "workspaces") or "",
        endpoint=_name(body),
        name=None,
        kind="serverless",
        region=_region(body.get("location")),
        provisioning_state=_text(properties.get("provisioningState")),
        model=_text(_map(properties.get("modelSettings")).get("modelId")),
        **_origin(body),
    )


def autoscale_from(body: Mapping[str, Any]) -> AutoscaleSetting | None:
    """An autoscale setting; None where its target is in no Machine Learning workspace.

    Its capacities are numeric strings (azure.md A8). Notifications are left out: their
    addresses may hold secrets.
    """
    properties = _map(body.get("properties"))
    target = "/" + str(properties.get("targetResourceUri") or "").strip("/")
    if f"/{_PROVIDER}/" not in target.lower():
        return None
    listed = properties.get("profiles")
    profiles = [_map(one) for one in listed] if isinstance(listed, list) else []
    counts = [_map(one.get("capacity")) for one in profiles]
    return AutoscaleSetting(
        id=_id(body),
        name=_name(body),
        target_id=target,
        enabled=_flag(properties.get("enabled")),
        minimum=min(_counts(counts, "minimum"), default=None),
        maximum=max(_counts(counts, "maximum"), default=None),
        default_count=next(iter(_counts(counts, "default")), None),
        profiles=len(profiles),
    )


def placed(deployment: Deployment, region: str | None) -> Deployment:
    """The deployment with a region, where its own body does not report one."""
    return deployment if deployment.region else replace(deployment, region=region)


def online_kind(body: Mapping[str, Any]) -> str | None:
    """`kubernetes` or `managed`; None where the body does not report."""
    spellings = (_map(body.get("properties")).get("endpointComputeType"), body.get("kind"))
    for word in (str(value).lower() for value in spellings if value):
        if word in ("k8s", "kubernetes", "azuremlcompute"):
            return "kubernetes"
        if word == "managed":
            return "managed"
    return None


def raw_from(body: Mapping[str, Any]) -> RawResource:
    """The body for the store, with the values of environment variables left out."""
    return RawResource(_id(body), {k: _without_secrets(k, v) for k, v in body.items()})


def shares(value: Any) -> dict[str, float] | None:
    """A traffic map in percent by name; None where Azure gave none or not a map of numbers."""
    if not isinstance(value, dict) or not all(map(is_share, value.values())):
        return None
    return {name: float(percent) for name, percent in value.items()}


def has_odd_map(body: Mapping[str, Any]) -> bool:
    """Whether an endpoint's live or mirror map is there and is no map of numbers."""
    properties = _map(body.get("properties"))
    maps = (properties.get(name) for name in ("traffic", "mirrorTraffic"))
    return any(given is not None and shares(given) is None for given in maps)


def tags_of(value: Any) -> dict[str, str]:
    """Tags as text by name; a body without tags has none."""
    tags = {str(k): "" if v is None else str(v) for k, v in _map(value).items()}
    return {sys.intern(name): sys.intern(text) for name, text in tags.items()}


def _without_secrets(name: str, value: Any) -> Any:
    if name.lower() == "environmentvariables" and value is not None:
        return dict.fromkeys(value, NOT_STORED) if isinstance(value, dict) else NOT_STORED
    if isinstance(value, dict):
        return {k: _without_secrets(k, v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_secrets("", item) for item in value]
    return value


def _place(body: Mapping[str, Any]) -> dict[str, Any]:
    spelt = _id(body)
    return {
        "id": spelt,
        "subscription_id": part(spelt, "subscriptions") or "",
        "resource_group": part(spelt, "resourceGroups") or "",
    }


def _origin(body: Mapping[str, Any]) -> dict[str, Any]:
    system = _map(body.get("systemData"))
    return {
        "created_at": moment(system.get("createdAt")),
        "created_by": _text(system.get("createdBy")),
        "tags": tags_of(body.get("tags")),
    }


def _id(body: Mapping[str, Any]) -> str:
    # Some answers lack the leading slash (azure.md A7).
    return "/" + str(body.get("id") or "").strip("/")


def _name(body: Mapping[str, Any]) -> str:
    return sys.intern(_id(body).rsplit("/", 1)[-1])


def _asset(value: Any) -> str | None:
    """A model as online deployments (text) or batch deployments (an object) hold it."""
    if isinstance(value, dict):
        held = value.get("assetId") or value.get("path") or value.get("dataPath")
        return _text(held)
    return _text(value)


def _region(value: Any) -> str | None:
    text = _text(value)
    return None if text is None else sys.intern(text.lower().replace(" ", ""))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    """A text that is not empty. What many resources name is held once for all of them."""
    return sys.intern(value) if isinstance(value, str) and value else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _counts(capacities: Sequence[Mapping[str, Any]], name: str) -> list[int]:
    return [count for one in capacities if (count := whole(one.get(name))) is not None]


def whole(value: Any) -> int | None:
    """A whole number that is not negative; some answers spell one as a text (azure.md A8)."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    return value if is_count(value) else None
