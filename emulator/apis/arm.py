"""ARM: subscriptions, groups, workspaces and the reads of Machine Learning's resources."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from urllib.parse import urlencode

from emulator.apis import arm_writes, container_logs, operations, quotas
from emulator.apis.activity import logged
from emulator.apis.wire import Answer, Call, not_found, refused, route
from emulator.tenant.bodies import body
from emulator.tenant.clock import instant
from emulator.tenant.resources import PROVIDER, Resource, Workspace, same, stable_uuid
from emulator.tenant.shapes import Json

GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"
MACHINE_LEARNING = f"providers/{PROVIDER}"
WORKSPACES = f"{GROUP}/{MACHINE_LEARNING}/workspaces"
WORKSPACE = f"{WORKSPACES}/{{workspace}}"
ENDPOINTS = f"(?P<parent>{WORKSPACE})/(?P<kind>onlineEndpoints|batchEndpoints|serverlessEndpoints)"
ENDPOINT = f"(?P<id>{WORKSPACE}/(?:onlineEndpoints|batchEndpoints|serverlessEndpoints)/[^/]+)"
DEPLOYMENT_LISTS = f"(?P<parent>{WORKSPACE}/(?:online|batch)Endpoints/[^/]+)/(?P<kind>deployments)"
DEPLOYMENT = f"(?P<id>{WORKSPACE}/(?:online|batch)Endpoints/[^/]+/deployments/[^/]+)"


def subscriptions(call: Call) -> Answer:
    """The subscriptions that the sign-in can see."""
    answer = _paged(call, [sub for sub in call.world.subscriptions if sub.exists()])
    answer.body["nextLink"] = answer.body["nextLink"] or ""
    return answer


def subscription(call: Call, subscription: str) -> Answer:
    """One subscription."""
    found = call.world.lookup(f"/subscriptions/{subscription}")
    if found is None:
        text = f"The subscription '{subscription}' could not be found."
        return refused(404, "SubscriptionNotFound", text)
    return Answer(200, body(found))


def tenants(call: Call) -> Answer:
    """The one tenant."""
    identifier = call.world.tenant_id
    row = {"id": f"/tenants/{identifier}", "tenantId": identifier, "displayName": "Contoso"}
    return Answer(200, {"value": [row]})


def resource_groups(call: Call, subscription: str) -> Answer:
    """The resource groups of a subscription."""
    found = call.world.lookup(f"/subscriptions/{subscription}")
    if found is None:
        return not_found(call, subscription)
    return _paged(call, found.living("Microsoft.Resources/resourceGroups"))


def descendants(call: Call, group: str) -> Answer:
    """The subscriptions under a management group."""
    members = call.world.management_groups.get(group)
    if members is None:
        return refused(404, "NotFound", f"The management group '{group}' cannot be found.")
    parent = {"id": f"/providers/Microsoft.Management/managementGroups/{group}"}
    rows = [
        {
            "id": found.id,
            "type": "Microsoft.Management/managementGroups/subscriptions",
            "name": found.subscription_id,
            "properties": {"displayName": found.name, "parent": parent},
        }
        for member in members
        if (found := call.world.lookup(f"/subscriptions/{member}"))
    ]
    return Answer(200, {"value": rows, "nextLink": None})


def workspaces(call: Call, subscription: str, group: str = "") -> Answer:
    """The workspaces of a subscription or of a group."""
    if call.world.lookup(f"/subscriptions/{subscription}") is None:
        return refused(404, "SubscriptionNotFound", f"'{subscription}' could not be found.")
    kinds = call.query.get("kind", "").casefold().split(",")
    found = [
        workspace
        for workspace in call.world.workspaces()
        if same(workspace.subscription_id, subscription)
        and (not group or _group_of(workspace) == group.casefold())
        and (kinds == [""] or (workspace.kind or "").casefold() in kinds)
    ]
    return _paged(call, found)


def listing(call: Call, parent: str, kind: str, **_names: str) -> Answer:
    """The endpoints of a workspace, or the deployments of an endpoint."""
    found = call.world.lookup(parent)
    if found is None:
        code = "ParentResourceNotFound"
        return refused(404, code, f"Failed to perform 'read' on '{parent}': no such parent.")
    return _paged(call, found.living(f"{found.type}/{kind}"))


def single(call: Call, id: str = "", **_names: str) -> Answer:
    """One resource by its id."""
    found = call.world.lookup(id or call.path)
    return Answer(200, body(found)) if found else not_found(call, id or call.path)


def skus(call: Call, id: str, **_names: str) -> Answer:
    """The sizes that a deployment can scale to."""
    found = call.world.lookup(id)
    if found is None:
        return not_found(call, id)
    capacity = {"default": 1, "minimum": 1, "maximum": 50, "scaleType": "Manual"}
    sku = {"name": "Default", "tier": "Standard"}
    return Answer(200, {"value": [{"resourceType": found.type, "sku": sku, "capacity": capacity}]})


def asset(call: Call, kind: str, name: str, version: str, **_names: str) -> Answer:
    """A version of a model, environment or code."""
    name_of_type = kind.casefold()
    state = call.world.asset_state(name_of_type, name, version)
    workspace = call.world.lookup(call.path.rsplit(f"/{kind}/", 1)[0])
    if state == "gone" or workspace is None:
        return refused(404, "UserError", f"Asset {name} with version {version} not found.")
    return Answer(200, _asset(call, workspace, name_of_type, name, version, state))


def _asset(call: Call, workspace: Resource, kind: str, name: str, version: str, state: str) -> Json:
    properties: Json = {
        "description": None,
        "tags": {},
        "properties": {},
        "isArchived": state == "archived",
        "isAnonymous": False,
        "provisioningState": "Succeeded",
    }
    uri = f"azureml://jobs/{stable_uuid(name)}/outputs/artifacts/model"
    of_kind: dict[str, Json] = {
        "models": {"modelUri": uri, "modelType": "custom_model", "flavors": {}},
        "codes": {"codeUri": f"https://{workspace.name}.blob.example/{name}"},
        "environments": {
            "environmentType": "UserCreated",
            "image": "registry.example/azureml/openmpi:latest",
            "osType": "Linux",
        },
    }
    properties |= of_kind[kind]
    created = instant(workspace.created_at or call.world.clock.now())
    return {
        "id": call.path,
        "name": version,
        "type": f"{PROVIDER}/workspaces/{kind}/versions",
        "properties": properties,
        "systemData": {"createdAt": created, "createdBy": "Ada Example", "createdByType": "User"},
    }


def _paged(call: Call, found: Iterable[Resource]) -> Answer:
    """One page; the link to the next one carries an opaque `$skip`."""
    rows = list(found)
    asked = call.query.get("count") or call.query.get("$top")
    size = min(int(asked or call.world.page_size), 1000)
    start = _start(call.query.get("$skip", ""))
    answer: Json = {"value": [body(row) for row in rows[start : start + size]], "nextLink": None}
    if start + size < len(rows):
        token = base64.urlsafe_b64encode(f"at {start + size}".encode()).decode()
        kept = {name: value for name, value in call.query.items() if name != "$skip"}
        answer["nextLink"] = f"{call.address_for_links}?{urlencode({**kept, '$skip': token})}"
    return Answer(200, answer, _rate_headers())


def _start(token: str) -> int:
    if token.isdigit() or not token:
        return int(token or 0)
    return int(base64.urlsafe_b64decode(token).decode().split()[1])


def _rate_headers() -> dict[str, str]:
    return {"x-ms-ratelimit-remaining-subscription-reads": "249"}


def _group_of(workspace: Workspace) -> str:
    return workspace.parent.name.casefold() if workspace.parent else ""


ROUTES = [
    route("GET", "/subscriptions", "arm", subscriptions),
    route("GET", "/tenants", "arm", tenants),
    route("GET", "/subscriptions/{subscription}", "arm", subscription),
    route("GET", "/subscriptions/{subscription}/resourceGroups", "arm", resource_groups),
    route("GET", GROUP, "arm", single),
    route(
        "GET",
        "/providers/Microsoft.Management/managementGroups/{group}/descendants",
        "arm",
        descendants,
    ),
    route(
        "GET",
        f"/subscriptions/{{subscription}}/{MACHINE_LEARNING}/workspaces",
        "arm",
        workspaces,
    ),
    route("GET", WORKSPACES, "arm", workspaces),
    route("GET", f"(?P<id>{WORKSPACE})", "arm", single),
    route("GET", ENDPOINTS, "arm", listing),
    route("GET", ENDPOINT, "arm", single),
    route("GET", DEPLOYMENT_LISTS, "arm", listing),
    route("GET", DEPLOYMENT, "arm", single),
    route("GET", f"{DEPLOYMENT}/skus", "arm", skus),
    route(
        "GET",
        f"{WORKSPACE}/(?P<kind>models|environments|codes)/{{name}}/versions/{{version}}",
        "arm",
        asset,
    ),
    route("PUT", DEPLOYMENT, "arm", logged(arm_writes.put_deployment)),
    route("PATCH", DEPLOYMENT, "arm", logged(arm_writes.patch)),
    route("DELETE", DEPLOYMENT, "arm", logged(arm_writes.delete)),
    route("PUT", ENDPOINT, "arm", logged(arm_writes.put_endpoint)),
    route("PATCH", ENDPOINT, "arm", logged(arm_writes.patch)),
    route("DELETE", ENDPOINT, "arm", logged(arm_writes.delete)),
    route("POST", f"{ENDPOINT}/(?P<action>listKeys|regenerateKeys|token)", "arm", arm_writes.act),
    route("POST", f"{DEPLOYMENT}/getLogs", "arm", container_logs.get_logs, reads=True),
    *operations.ROUTES,
    *quotas.ROUTES,
]
