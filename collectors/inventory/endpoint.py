"""One endpoint as Resource Manager knows it now, for a decision that no cache may make."""

from __future__ import annotations

from typing import Any

from collectors.connection.errors import Misshapen
from collectors.connection.reading import Reader
from collectors.connection.shapes import is_resource
from collectors.inventory import resources as shape
from collectors.inventory.inventory import ML_API
from collectors.records import Inventory, ScopeRead, Subscription, key_of
from collectors.sources import INVENTORY


def get_resource(reader: Reader, resource_id: str) -> dict[str, Any]:
    """A Machine Learning resource in raw JSON; raises Missing where it is gone."""
    body = reader.get(resource_id, **{"api-version": ML_API})
    if not is_resource(body):
        raise Misshapen("the answer is no resource: it lacks its id or its properties")
    return body


def read_endpoint(reader: Reader, endpoint_id: str) -> Inventory:
    """An online endpoint, all its deployments and its workspace; any refusal is raised."""
    workspace = get_resource(reader, shape.parent(endpoint_id))
    endpoint = get_resource(reader, endpoint_id)
    listed = list(
        reader.pages(f"{endpoint_id}/deployments", is_resource, **{"api-version": ML_API})
    )
    kind = shape.online_kind(endpoint) or "managed"
    place = shape.workspace_from(workspace)
    return Inventory(
        subscriptions=(Subscription(place.subscription_id),),
        workspaces=(place,),
        endpoints=(shape.endpoint_from(endpoint, kind),),
        deployments=tuple(
            shape.placed(
                shape.deployment_from(body, shape.online_kind(body) or kind),
                shape.endpoint_from(endpoint, kind).region or place.region,
            )
            for body in listed
        ),
        reads=(ScopeRead(INVENTORY.name, key_of(endpoint_id), place.subscription_id),),
    )
