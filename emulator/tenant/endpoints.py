"""Online and batch endpoints of the stand-in's Azure, and their deployments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Unpack

from emulator.tenant.behaviour import Life, Requests, silent
from emulator.tenant.resource import ABSENT, LONG_AGO, PROVIDER, Given, Resource, same
from emulator.tenant.shapes import Json, batch_properties, deployment_defaults

Shares = Mapping[str, int]
Schedule = Sequence[tuple[datetime, Shares | None]]


class Doing(Given, total=False):
    """What a deployment may be given to do over time."""

    requests: Requests
    life: Life
    cpu_percent: float
    memory_percent: float


@dataclass(eq=False)
class Deployment(Resource):
    """A deployment of an online endpoint, with what it does over time.

    `cpu_percent`, `memory_percent` and `gpu_percent` are the levels it shows while alive
    (`gpu_percent` None: it has no GPU). `had_instances` are earlier counts, each with its end;
    `container_logs` what its containers printed, by their type (what is missing there is made up).
    `metrics_since` is when it came to its id by a move (None: by its creation).
    """

    requests: Requests = field(default_factory=silent)
    life: Life = field(default_factory=Life)
    cpu_percent: float = 3.0
    memory_percent: float = 22.0
    gpu_percent: float | None = None
    had_instances: list[tuple[datetime, int]] = field(default_factory=list)
    container_logs: dict[str, str] = field(default_factory=dict)
    metrics_since: datetime | None = None

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
        tags: Mapping[str, str] | None = None,
        gpu_percent: float | None = None,
        extra: Mapping[str, Any] | None = None,
        sku: Json | None = ABSENT,
        **given: Unpack[Doing],
    ) -> Deployment:
        """Add a deployment. `extra` is merged into its raw properties; `sku=None` omits it."""
        kubernetes = (self.kind or "").casefold() in ("k8s", "kubernetes")
        properties: Json = {
            **deployment_defaults(kubernetes),
            "model": self._asset("models", model or f"{self.name}:1"),
            "environmentId": self._asset("environments", environment),
            "codeConfiguration": code
            and {"codeId": self._asset("codes", code), "scoringScript": scoring_script},
            "environmentVariables": dict(environment_variables or {}),
            "instanceType": instance_type,
            **(extra or {}),
        }
        if gpu_percent is None and instance_type.casefold().startswith("standard_n"):
            gpu_percent = 0.0
        if sku is ABSENT:
            sku = {"name": "Default", "tier": "Standard", "capacity": instances}
        location = self.location or (self.parent.location if self.parent else None)
        kind = "K8S" if kubernetes else "Managed"
        own: Json = {"location": location, "kind": kind, "sku": sku, "gpu_percent": gpu_percent}
        return self._add(
            Deployment, "deployments", name, tags, properties=properties, **own, **given
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
        own: Json = {"created_at": created_at, "properties": properties}
        return self._add(Resource, "deployments", name, tags, **own)
