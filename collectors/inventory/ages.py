"""Creation times from Resource Manager, for the deployments of one endpoint in one list."""

from __future__ import annotations

from datetime import datetime

from collectors.connection.reading import Reader
from collectors.connection.shapes import is_resource
from collectors.inventory.inventory import ML_API
from collectors.inventory.resources import deployment_from
from collectors.records import key_of


def read_ages(reader: Reader, endpoint_id: str) -> dict[str, tuple[datetime, str | None]]:
    """When and by whom each deployment of the endpoint was created, by deployment key."""
    found = {}
    for body in reader.pages(f"{endpoint_id}/deployments", is_resource, **{"api-version": ML_API}):
        deployment = deployment_from(body, "managed")
        if deployment.created_at is not None:
            found[key_of(deployment.id)] = (deployment.created_at, deployment.created_by)
    return found
