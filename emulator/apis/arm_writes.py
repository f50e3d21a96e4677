"""ARM's writes on endpoints and deployments, with what the service refuses."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from emulator.apis.locks import locked
from emulator.apis.operations import begin
from emulator.apis.tags import invalid, merged
from emulator.apis.wire import Answer, Call, not_found, refused, service_refused
from emulator.tenant.behaviour import silent
from emulator.tenant.bodies import body
from emulator.tenant.resources import PROVIDER, Deployment, Endpoint, Resource, Workspace
from emulator.tenant.shapes import Json
from emulator.tenant.world import CLIENT_NAME

BUSY = ("Creating", "Updating", "Scaling", "Deleting")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]")


def delete(call: Call, id: str, **_names: str) -> Answer:
    """Delete an endpoint with all that is in it, or a deployment without live traffic."""
    target = call.world.lookup(id)
    refusal = locked(call.world, target.id if target else id, "DELETE")
    if refusal:
        return refusal
    if target is None:
        return Answer(204)
    refusal = _busy(target) or _holds_traffic(target)
    if refusal:
        return refusal

    def finish() -> None:
        target.deleted_at = target.world.clock.now()

    return Answer(202, None, begin(call, target, "Deleting", finish))


def patch(call: Call, id: str, **_names: str) -> Answer:
    """Change tags and identity of an endpoint, or tags and instance count of a deployment."""
    target = call.world.lookup(id)
    if target is None:
        return not_found(call, id)
    given: Json = call.body or {}
    refusal = locked(call.world, target.id, "PATCH") or _busy(target)
    if refusal:
        return refusal
    if given.get("tags") is not None:
        base = target.tags if call.world.patch_merges_tags else {}
        refusal = invalid(merged(base, given["tags"]))
        if refusal:
            return refusal
        target.tags = merged(base, given["tags"])
    if given.get("identity") is not None:
        target.identity = {**(target.identity or {}), **given["identity"]}
    target.modified_at = call.world.clock.now()
    if isinstance(target, Deployment) and given.get("sku"):
        return _scale(call, target, given["sku"])
    return Answer(200, body(target))


def put_deployment(call: Call, id: str, **_names: str) -> Answer:
    """Create a deployment, or replace its definition."""
    parent = call.world.lookup(id.rsplit("/deployments/", 1)[0])
    if not isinstance(parent, Endpoint):
        return refused(404, "ParentResourceNotFound", f"The parent of '{id}' was not found.")
    existing = call.world.lookup(id)
    refusal = (
        locked(call.world, id, "PUT")
        or _busy(existing or parent)
        or _invalid_deployment(call, existing)
    )
    if refusal:
        return refusal
    if isinstance(existing, Deployment):
        _define(existing, call.body)
        return _settling(call, existing, 200)
    created = Deployment(
        world=call.world,
        parent=parent,
        name=id.rsplit("/", 1)[-1],
        type=f"{PROVIDER}/workspaces/onlineEndpoints/deployments",
        created_at=call.world.clock.now(),
        created_by=CLIENT_NAME,
        requests=silent(),
    )
    _define(created, call.body)
    if (created.instance_type or "").casefold().startswith("standard_n"):
        created.gpu_percent = 0.0
    return _settling(call, created, 201)


def put_endpoint(call: Call, id: str, **_names: str) -> Answer:
    """Create an endpoint, or replace its definition and traffic."""
    parent = call.world.lookup(re.split("/onlineEndpoints/", id, flags=re.IGNORECASE)[0])
    if not isinstance(parent, Workspace):
        return refused(404, "ParentResourceNotFound", f"The parent of '{id}' was not found.")
    existing = call.world.lookup(id)
    refusal = (
        locked(call.world, id, "PUT")
        or (_busy(existing) if existing else None)
        or _invalid_endpoint(call, existing)
    )
    if refusal:
        return refusal
    if isinstance(existing, Endpoint):
        _define(existing, call.body)
        return _settling(call, existing, 200)
    name = id.rsplit("/", 1)[-1]
    created = parent.endpoint(
        name, created_at=call.world.clock.now(), created_by=CLIENT_NAME, state="Creating"
    )
    _define(created, call.body)
    return _settling(call, created, 201)


def act(call: Call, id: str, action: str, **_names: str) -> Answer:
    """Keys and tokens: answered, and recorded as a write."""
    target = call.world.lookup(id)
    if target is None:
        return not_found(call, id)
    refusal = locked(call.world, target.id, "POST")
    if refusal:
        return refusal
    answers: dict[str, Json | None] = {
        "listkeys": {"primaryKey": "primary-key-of-" + target.name, "secondaryKey": "secondary"},
        "regeneratekeys": None,
        "token": {
            "accessToken": "endpoint-token",
            "tokenType": "Bearer",
            "expiryTimeUtc": int(call.world.clock.now().timestamp()) + 3600,
            "refreshAfterTimeUtc": int(call.world.clock.now().timestamp()) + 1800,
        },
    }
    return Answer(200, answers[action.casefold()])


def _busy(target: Resource) -> Answer | None:
    homes = [one for one in (target, target.parent) if isinstance(one, (Endpoint, Deployment))]
    for one in homes:
        if one.state in BUSY and not (one is not target and one.state == "Scaling"):
            kind = "deployment" if isinstance(one, Deployment) else "endpoint"
            text = (
                f"Cannot change '{target.name}' because {kind} '{one.name}' is in "
                f"{one.state} provisioning state."
            )
            return service_refused(409, "Conflict", text)
    return None


def _holds_traffic(target: Resource) -> Answer | None:
    if not isinstance(target, Deployment) or not isinstance(target.parent, Endpoint):
        return None
    share = target.parent.share_of(target.name)
    if share <= 0:
        return None
    text = (
        f"Deployment {target.name} in endpoint {target.parent.name} cannot be deleted while it "
        f"has {share}% of the live traffic. Set its traffic to 0 first."
    )
    return service_refused(400, "BadRequest", text)


def _scale(call: Call, target: Deployment, sku: Json) -> Answer:
    def finish() -> None:
        target.state = "Succeeded"
        target.sku = {**(target.sku or {}), **sku}

    return Answer(202, None, begin(call, target, "Scaling", finish))


def _settling(call: Call, target: Resource, status: int) -> Answer:
    def finish() -> None:
        target.state = "Succeeded"

    headers = begin(call, target, "Creating" if status == 201 else "Updating", finish)
    headers.pop("Location")
    return Answer(status, body(target), headers)


def _define(target: Resource, given: Json) -> None:
    """Take over a whole definition, but for what the service alone decides."""
    properties = copy.deepcopy(given.get("properties") or {})
    properties.pop("provisioningState", None)
    if isinstance(target, Endpoint):
        target.traffic = properties.pop("traffic", None) or {}
        target.mirror = properties.pop("mirrorTraffic", None)
        for name in ("scoringUri", "swaggerUri"):
            properties[name] = target.properties.get(name)
    target.properties = properties
    target.tags = dict(given.get("tags") or {})
    target.location = given.get("location") or target.location
    target.kind = given.get("kind") or "Managed"
    target.modified_at = target.world.clock.now()
    if given.get("sku") is not None:
        target.sku = copy.deepcopy(given["sku"])
    if given.get("identity") is not None:
        target.identity = {**(target.identity or {}), **given["identity"]}


def _invalid_deployment(call: Call, existing: Resource | None) -> Answer | None:
    given: Any = call.body
    if not isinstance(given, Mapping) or not isinstance(given.get("properties"), Mapping):
        return service_refused(400, "BadRequest", "The request body needs properties.")
    name, properties = call.path.rstrip("/").rsplit("/", 1)[-1], given["properties"]
    if not given.get("location"):
        return refused(400, "LocationRequired", "The location property is required.")
    if not properties.get("endpointComputeType"):
        return service_refused(400, "BadRequest", "EndpointComputeType is required.")
    # The sample has shorter names than the service takes; what was there once may come back.
    if not NAME.fullmatch(name) and not call.world.ever_called(call.path):
        return service_refused(400, "BadRequest", f"'{name}' is no valid deployment name.")
    changed = existing is not None and (
        str(existing.properties.get("instanceType")).casefold()
        != str(properties.get("instanceType")).casefold()
    )
    if changed:
        return service_refused(400, "BadRequest", "InstanceType can't be changed after creation.")
    return _missing_asset(call, properties) or invalid(given.get("tags") or {})


def _missing_asset(call: Call, properties: Mapping[str, Any]) -> Answer | None:
    configuration = properties.get("codeConfiguration") or {}
    wanted = [properties.get("model"), properties.get("environmentId"), configuration.get("codeId")]
    for reference in wanted:
        found = re.search(r"/(models|environments|codes)/([^/]+)/versions/([^/]+)", reference or "")
        if found and call.world.asset_state(found[1], found[2], found[3]) == "gone":
            return service_refused(400, "BadRequest", f"'{reference}' does not exist.")
    return None


def _invalid_endpoint(call: Call, existing: Resource | None) -> Answer | None:
    given: Any = call.body
    if not isinstance(given, Mapping) or not isinstance(given.get("properties"), Mapping):
        return service_refused(400, "BadRequest", "The request body needs properties.")
    if not given.get("location"):
        return refused(400, "LocationRequired", "The location property is required.")
    if not given["properties"].get("authMode"):
        return service_refused(400, "BadRequest", "AuthMode is required.")
    traffic = given["properties"].get("traffic") or {}
    if sum(traffic.values()) not in (0, 100):
        return service_refused(400, "BadRequest", "Traffic has to add up to 0 or 100.")
    inside = existing.deployments if isinstance(existing, Endpoint) else []
    present = {one.name.casefold() for one in inside}
    strangers = [name for name in traffic if traffic[name] and name.casefold() not in present]
    if strangers:
        text = f"Traffic names deployments that do not exist: {', '.join(strangers)}."
        return service_refused(400, "BadRequest", text)
    return invalid(given.get("tags") or {})
