"""The things that live in the stand-in's Azure: subscriptions down to deployments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, Unpack

from emulator.tenant.clock import instant
from emulator.tenant.endpoints import BatchEndpoint, Deployment, Endpoint, Schedule, Shares
from emulator.tenant.resource import (
    ABSENT,
    LONG_AGO,
    PROVIDER,
    Given,
    Home,
    Resource,
    same,
    stable_uuid,
)
from emulator.tenant.shapes import (
    Json,
    endpoint_properties,
    serverless_properties,
    workspace_properties,
)

__all__ = [
    "ABSENT",
    "LONG_AGO",
    "PROVIDER",
    "BatchEndpoint",
    "Deployment",
    "Endpoint",
    "Resource",
    "ResourceGroup",
    "Subscription",
    "Workspace",
    "same",
    "stable_uuid",
]


class Tenancy(Home, Protocol):
    """The tenant as what holds endpoints knows it: what leads on from there."""

    def subscription(
        self,
        name: str,
        *,
        tags: Mapping[str, str] | None = None,
        id: str | None = None,
        state: str = "Enabled",
    ) -> Subscription:
        """Add another subscription."""

    def forbid(self, subscription: str | Subscription, sources: Iterable[str]) -> None:
        """Refuse reads of a subscription."""

    def autoscale(self, deployment: Deployment, minimum: int = 1, maximum: int = 4) -> Json:
        """Scale a deployment."""


@dataclass(eq=False)
class Workspace(Resource):
    """A workspace of kind Default, Hub or Project."""

    world: Tenancy = field(repr=False)

    @property
    def endpoints(self) -> list[Endpoint]:
        """The online endpoints that exist now."""
        found = self.living(f"{PROVIDER}/workspaces/onlineEndpoints")
        return [child for child in found if isinstance(child, Endpoint)]

    def endpoint(
        self,
        name: str,
        *,
        traffic: Shares | Schedule | None = ABSENT,
        mirror: Shares | Schedule | None = None,
        kind: str = "Managed",
        tags: Mapping[str, str] | None = None,
        location: str | None = ABSENT,
        auth_mode: str = "Key",
        extra: Mapping[str, Any] | None = None,
        **given: Unpack[Given],
    ) -> Endpoint:
        """Add an online endpoint. `traffic` defaults to {}; ABSENT leaves the key out.

        `location=None` leaves the location out, as just after its creation.
        """
        kubernetes = kind.casefold() in ("k8s", "kubernetes")
        place = self.location if location is ABSENT else location
        host = f"https://{name}.{self.location}.inference.example" if place else None
        compute = f"{self.id}/computes/k8s-cluster" if kubernetes else None
        properties = endpoint_properties(auth_mode, host, compute, stable_uuid(self.id, name))
        own: Json = {
            "location": place,
            "properties": {**properties, **(extra or {})},
            "kind": "K8S" if kubernetes else "Managed",
            "identity": self._identity_of(name),
            "traffic": {} if traffic is ABSENT else traffic,
            "mirror": mirror,
        }
        return self._add(Endpoint, "onlineEndpoints", name, tags, **own, **given)

    def delete_softly(self, at: datetime, purged_at: datetime) -> None:
        """Let it be deleted, but listed with all that is in it until it is purged."""
        self.state = "SoftDeleted"
        self.properties |= {
            "softDeletedAt": instant(at),
            "scheduledPurgeDate": instant(purged_at),
        }

    def batch_endpoint(
        self,
        name: str,
        *,
        tags: Mapping[str, str] | None = None,
        created_at: datetime | None = LONG_AGO,
    ) -> BatchEndpoint:
        """Add a batch endpoint."""
        properties = {
            "authMode": "AADToken",
            "scoringUri": f"https://{name}.{self.location}.inference.example/jobs",
            "properties": {},
        }
        own: Json = {"created_at": created_at, "properties": properties}
        return self._add(BatchEndpoint, "batchEndpoints", name, tags, **own)

    def serverless_endpoint(
        self,
        name: str,
        *,
        model: str = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct",
        tags: Mapping[str, str] | None = None,
        created_at: datetime | None = LONG_AGO,
    ) -> Resource:
        """Add a serverless endpoint, which is paid per token."""
        uri = f"https://{name}.{self.location}.models.example"
        own: Json = {
            "created_at": created_at,
            "sku": {"name": "Consumption", "tier": "Free"},
            "properties": serverless_properties(uri, model),
        }
        return self._add(Resource, "serverlessEndpoints", name, tags, **own)


@dataclass(eq=False)
class ResourceGroup(Resource):
    """A resource group."""

    world: Tenancy = field(repr=False)

    def workspace(
        self,
        name: str,
        *,
        region: str = "westeurope",
        kind: str = "Default",
        tags: Mapping[str, str] | None = None,
        hub: Workspace | None = None,
        created_at: datetime | None = LONG_AGO,
        extra: Mapping[str, Any] | None = None,
    ) -> Workspace:
        """Add a workspace; a project names its hub."""
        properties = workspace_properties(self.id, name, stable_uuid(self.id, name))
        properties["tenantId"] = self.world.tenant_id
        if hub:
            properties["hubResourceId"] = hub.id
        own: Json = {
            "type": f"{PROVIDER}/workspaces",
            "location": region,
            "created_at": created_at,
            "properties": {**properties, **(extra or {})},
            "kind": kind,
            "sku": {"name": "Basic", "tier": "Basic"},
            "identity": self._identity_of(name),
        }
        workspace = self._add(Workspace, "workspaces", name, tags, **own)
        if hub:
            hub.properties.setdefault("associatedWorkspaces", []).append(workspace.id)
        return workspace


@dataclass(eq=False)
class Subscription(Resource):
    """A subscription; `state` is Enabled rather than Succeeded."""

    world: Tenancy = field(repr=False)

    def resource_group(
        self, name: str, *, tags: Mapping[str, str] | None = None, region: str = "westeurope"
    ) -> ResourceGroup:
        """Add a resource group."""
        own: Json = {"type": "Microsoft.Resources/resourceGroups", "location": region}
        return self._add(ResourceGroup, "resourceGroups", name, tags, **own)
