"""The things that live in the stand-in's Azure: subscriptions down to deployments."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from emulator.tenant.behaviour import Life, Requests, silent
from emulator.tenant.clock import Clock
from emulator.tenant.shapes import (
    Json,
    batch_properties,
    deployment_defaults,
    endpoint_properties,
    serverless_properties,
    system_identity,
    workspace_properties,
)
from emulator.tenant.state import Charge, Level, Lock

Shares = Mapping[str, int]
Schedule = Sequence[tuple[datetime, Shares | None]]

LONG_AGO: Final = datetime(2025, 1, 15, 8, 30, tzinfo=UTC)
ABSENT: Final[Any] = object()
PROVIDER = "Microsoft.MachineLearningServices"


def stable_uuid(*parts: str) -> str:
    """A UUID that is always the same for the same text."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("mothball", *parts)).casefold()))


def same(left: str, right: str) -> bool:
    """Whether two ids or names are one: without case, with or without the leading slash."""
    return left.strip("/").casefold() == right.strip("/").casefold()


class Home(Protocol):
    """The tenant as its resources know it: what they ask it, and what leads on from them."""

    tenant_id: str
    clock: Clock
    extra_charges: list[Charge]

    def note(self, resource: Resource) -> None:
        """Remember it by its id."""

    def subscription(
        self, name: str, *, tags: Mapping[str, str] | None = None, id: str | None = None
    ) -> Subscription:
        """Add another subscription."""

    def lock(
        self,
        scope: str | Resource,
        level: Level = "CanNotDelete",
        name: str = "keep",
        notes: str = "",
    ) -> Lock:
        """Lock a scope."""

    def forbid(self, subscription: str | Subscription, sources: Iterable[str]) -> None:
        """Refuse reads of a subscription."""

    def metric_error(
        self, metric: str, code: str, aggregation: str | None = None, resource: str = ""
    ) -> None:
        """Let a metric answer a code."""

    def autoscale(self, deployment: Deployment, minimum: int = 1, maximum: int = 4) -> Json:
        """Scale a deployment."""


@dataclass(eq=False)
class Resource:
    """Anything with an ARM id. It is there from `created_at` up to `deleted_at`.

    `properties` is the raw ARM object without the provisioning state, which is `state`.
    `created_at` None stands for a resource whose systemData tells nothing.
    """

    world: Home = field(repr=False)
    parent: Resource | None = field(repr=False)
    name: str
    type: str
    tags: dict[str, str] = field(default_factory=dict)
    location: str | None = None
    created_at: datetime | None = LONG_AGO
    created_by: str | None = "Ada Example"
    deleted_at: datetime | None = None
    state: str = "Succeeded"
    properties: Json = field(default_factory=dict)
    kind: str | None = None
    sku: Json | None = None
    identity: Json | None = None
    children: list[Resource] = field(default_factory=list, repr=False)
    modified_at: datetime | None = None
    id: str = ""

    def __post_init__(self) -> None:
        """Derive the id and join the parent's children."""
        if not self.id and self.parent:
            self.id = self._path(self.parent.id)
        if self.parent is not None:
            self.parent.children.append(self)
        self.world.note(self)

    def _path(self, parent: str) -> str:
        leaf = self.type.rsplit("/", 1)[-1]
        if self.type == f"{PROVIDER}/workspaces":
            return f"{parent}/providers/{self.type}/{self.name}"
        return f"{parent}/{leaf}/{self.name}"

    def exists(self, at: datetime | None = None) -> bool:
        """Whether it is there at `at` (default: now)."""
        at = at or self.world.clock.now()
        born = self.created_at is None or self.created_at <= at
        gone = self.deleted_at is not None and self.deleted_at <= at
        above = self.parent is None or self.parent.exists(at)
        return born and not gone and above

    def living(self, type_: str) -> list[Resource]:
        """The children of one ARM type that exist now, by name."""
        found = [child for child in self.children if same(child.type, type_) and child.exists()]
        return sorted(found, key=lambda child: child.name.casefold())

    def remove(self, child: Resource, at: datetime | None = None) -> None:
        """Delete a child (and what is in it); its metric points stay under its id."""
        child.deleted_at = at or self.world.clock.now()

    @property
    def gone_at(self) -> datetime | None:
        """When it was deleted, by itself or with what it was in; None while it is there."""
        above = self.parent.gone_at if self.parent else None
        ends = [end for end in (self.deleted_at, above) if end is not None]
        return min(ends) if ends else None

    @property
    def subscription_id(self) -> str:
        """The subscription it is in."""
        return self.id.split("/")[2]


@dataclass(eq=False)
class Deployment(Resource):
    """A deployment of an online endpoint, with what it does over time.

    `cpu_percent`, `memory_percent` and `gpu_percent` are the levels it shows while alive
    (`gpu_percent` None: it has no GPU). `had_instances` are earlier counts, each with its end;
    `container_logs` what its containers printed, by their type (what is missing there is made up).
    """

    requests: Requests = field(default_factory=silent)
    life: Life = field(default_factory=Life)
    cpu_percent: float = 3.0
    memory_percent: float = 22.0
    gpu_percent: float | None = None
    had_instances: list[tuple[datetime, int]] = field(default_factory=list)
    container_logs: dict[str, str] = field(default_factory=dict)

    @property
    def instances(self) -> int | None:
        """The instance count, None without a sku."""
        return None if self.sku is None else int(self.sku["capacity"])

    @instances.setter
    def instances(self, count: int) -> None:
        if self.instances is not None:
            self.had_instances.append((self.world.clock.now(), self.instances))
        self.sku = {**(self.sku or {"name": "Default"}), "capacity": count}

    def instances_at(self, moment: datetime) -> int | None:
        """The instance count that it had at a moment, None without a sku."""
        earlier = (count for end, count in self.had_instances if moment < end)
        return next(earlier, self.instances)

    @property
    def instance_type(self) -> str | None:
        """The size of its machines, spelt as it was given."""
        value = self.properties.get("instanceType")
        return None if value is None else str(value)


@dataclass(eq=False)
class Endpoint(Resource):
    """An online endpoint; its traffic is a map, None, ABSENT, or a schedule of maps."""

    traffic: Shares | Schedule | None = None
    mirror: Shares | Schedule | None = None

    def traffic_now(self) -> Shares | None:
        """The shares of live traffic now; None stands for null or absent."""
        return self._map(self.traffic)

    def mirror_now(self) -> Shares | None:
        """The shares of mirrored traffic now."""
        return self._map(self.mirror)

    def _map(self, shares: Shares | Schedule | None) -> Shares | None:
        if shares is None or shares is ABSENT or isinstance(shares, Mapping):
            return shares
        now = self.world.clock.now()
        past = [entry for entry in shares if entry[0] <= now]
        return max(past, key=lambda entry: entry[0])[1] if past else {}

    @property
    def deployments(self) -> list[Deployment]:
        """The deployments that exist now."""
        found = self.living(f"{PROVIDER}/workspaces/onlineEndpoints/deployments")
        return [child for child in found if isinstance(child, Deployment)]

    def share_of(self, deployment: str) -> int:
        """The share of live traffic of a deployment, 0 where the map has none."""
        shares = self.traffic_now()
        if not isinstance(shares, Mapping):
            return 0
        return sum(int(share) for name, share in shares.items() if same(name, deployment))

    def deployment(
        self,
        name: str,
        *,
        instance_type: str = "Standard_DS3_v2",
        instances: int = 1,
        model: str | None = None,
        environment: str | None = "sklearn:3",
        code: str | None = "scoring:1",
        scoring_script: str = "score.py",
        environment_variables: Mapping[str, str] | None = None,
        created_at: datetime | None = LONG_AGO,
        created_by: str | None = "Ada Example",
        deleted_at: datetime | None = None,
        state: str = "Succeeded",
        tags: Mapping[str, str] | None = None,
        requests: Requests | None = None,
        life: Life | None = None,
        cpu_percent: float = 3.0,
        memory_percent: float = 22.0,
        gpu_percent: float | None = None,
        extra: Mapping[str, Any] | None = None,
        sku: Json | None = ABSENT,
    ) -> Deployment:
        """Add a deployment. `extra` is merged into its raw properties; `sku=None` omits it."""
        kubernetes = (self.kind or "").casefold() in ("k8s", "kubernetes")
        given = {
            "model": self._asset("models", model or f"{self.name}:1"),
            "environmentId": self._asset("environments", environment),
            "codeConfiguration": code
            and {"codeId": self._asset("codes", code), "scoringScript": scoring_script},
            "environmentVariables": dict(environment_variables or {}),
            "instanceType": instance_type,
        }
        if gpu_percent is None and instance_type.casefold().startswith("standard_n"):
            gpu_percent = 0.0
        return Deployment(
            world=self.world,
            parent=self,
            name=name,
            type=f"{PROVIDER}/workspaces/onlineEndpoints/deployments",
            tags=dict(tags or {}),
            location=self.location or (self.parent.location if self.parent else None),
            created_at=created_at,
            created_by=created_by,
            deleted_at=deleted_at,
            state=state,
            properties={**deployment_defaults(kubernetes), **given, **(extra or {})},
            kind="K8S" if kubernetes else "Managed",
            sku={"name": "Default", "tier": "Standard", "capacity": instances}
            if sku is ABSENT
            else sku,
            requests=requests or silent(),
            life=life or Life(),
            cpu_percent=cpu_percent,
            memory_percent=memory_percent,
            gpu_percent=gpu_percent,
        )

    def _asset(self, kind: str, reference: str | None) -> str | None:
        if reference is None or "/" in reference:
            return reference
        assert self.parent is not None
        name, _, version = reference.partition(":")
        return f"{self.parent.id}/{kind}/{name}/versions/{version or '1'}"


@dataclass(eq=False)
class BatchEndpoint(Resource):
    """A batch endpoint; its compute is a cluster that is billed elsewhere."""

    def deployment(
        self,
        name: str,
        *,
        compute: str = "cpu-cluster",
        model: str | None = None,
        tags: Mapping[str, str] | None = None,
        created_at: datetime | None = LONG_AGO,
        instances: int = 1,
    ) -> Resource:
        """Add a batch deployment; its model is an object, unlike an online one's."""
        assert self.parent is not None
        asset, _, version = (model or f"{self.name}:1").partition(":")
        model_id = f"{self.parent.id}/models/{asset}/versions/{version or '1'}"
        compute_id = f"{self.parent.id}/computes/{compute}"
        properties = batch_properties(compute_id, model_id, instances)
        self.properties.setdefault("defaults", {"deploymentName": name})
        return Resource(
            world=self.world,
            parent=self,
            name=name,
            type=f"{PROVIDER}/workspaces/batchEndpoints/deployments",
            tags=dict(tags or {}),
            location=self.location,
            created_at=created_at,
            properties=properties,
        )


@dataclass(eq=False)
class Workspace(Resource):
    """A workspace of kind Default, Hub or Project."""

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
        state: str = "Succeeded",
        created_at: datetime | None = LONG_AGO,
        created_by: str | None = "Ada Example",
        deleted_at: datetime | None = None,
        location: str | None = ABSENT,
        auth_mode: str = "Key",
        extra: Mapping[str, Any] | None = None,
    ) -> Endpoint:
        """Add an online endpoint. `traffic` defaults to {}; ABSENT leaves the key out.

        `location=None` leaves the location out, as just after its creation.
        """
        kubernetes = kind.casefold() in ("k8s", "kubernetes")
        place = self.location if location is ABSENT else location
        host = f"https://{name}.{self.location}.inference.example" if place else None
        compute = f"{self.id}/computes/k8s-cluster" if kubernetes else None
        properties = endpoint_properties(auth_mode, host, compute, stable_uuid(self.id, name))
        return Endpoint(
            world=self.world,
            parent=self,
            name=name,
            type=f"{PROVIDER}/workspaces/onlineEndpoints",
            tags=dict(tags or {}),
            location=place,
            created_at=created_at,
            created_by=created_by,
            deleted_at=deleted_at,
            state=state,
            properties={**properties, **(extra or {})},
            kind="K8S" if kubernetes else "Managed",
            identity=system_identity(self.world.tenant_id, stable_uuid(self.id, name, "identity")),
            traffic={} if traffic is ABSENT else traffic,
            mirror=mirror,
        )

    def batch_endpoint(
        self,
        name: str,
        *,
        tags: Mapping[str, str] | None = None,
        created_at: datetime | None = LONG_AGO,
    ) -> BatchEndpoint:
        """Add a batch endpoint."""
        return BatchEndpoint(
            world=self.world,
            parent=self,
            name=name,
            type=f"{PROVIDER}/workspaces/batchEndpoints",
            tags=dict(tags or {}),
            location=self.location,
            created_at=created_at,
            properties={
                "authMode": "AADToken",
                "scoringUri": f"https://{name}.{self.location}.inference.example/jobs",
                "properties": {},
            },
        )

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
        return Resource(
            world=self.world,
            parent=self,
            name=name,
            type=f"{PROVIDER}/workspaces/serverlessEndpoints",
            tags=dict(tags or {}),
            location=self.location,
            created_at=created_at,
            sku={"name": "Consumption", "tier": "Free"},
            properties=serverless_properties(uri, model),
        )


@dataclass(eq=False)
class ResourceGroup(Resource):
    """A resource group."""

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
        workspace = Workspace(
            world=self.world,
            parent=self,
            name=name,
            type=f"{PROVIDER}/workspaces",
            tags=dict(tags or {}),
            location=region,
            created_at=created_at,
            properties={**properties, **(extra or {})},
            kind=kind,
            sku={"name": "Basic", "tier": "Basic"},
            identity=system_identity(self.world.tenant_id, stable_uuid(self.id, name, "identity")),
        )
        if hub:
            hub.properties.setdefault("associatedWorkspaces", []).append(workspace.id)
        return workspace


@dataclass(eq=False)
class Subscription(Resource):
    """A subscription; `state` is Enabled rather than Succeeded."""

    def resource_group(
        self, name: str, *, tags: Mapping[str, str] | None = None, region: str = "westeurope"
    ) -> ResourceGroup:
        """Add a resource group."""
        return ResourceGroup(
            world=self.world,
            parent=self,
            name=name,
            type="Microsoft.Resources/resourceGroups",
            tags=dict(tags or {}),
            location=region,
        )
