"""A tenant: its subscriptions and what is in them, and what lies beside; built by its methods."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from emulator.tenant.activity import ActivityLog
from emulator.tenant.behaviour import Requests, at
from emulator.tenant.clock import Clock
from emulator.tenant.failures import Failures
from emulator.tenant.related import autoscale_setting, diagnostic_setting, logged_call
from emulator.tenant.resources import (
    Deployment,
    Endpoint,
    Resource,
    ResourceGroup,
    Subscription,
    Workspace,
)
from emulator.tenant.resources import stable_uuid as _uuid
from emulator.tenant.shapes import Json
from emulator.tenant.state import Charge, Level, Lock


@dataclass
class Tenant(ActivityLog, Failures):
    """What is there, at the time of its clock; `by_id` holds what is gone too.

    `reserved_sizes` are paid by a reservation and so cost nothing, `extra_charges` are what no
    resource explains.
    """

    tenant_id: str = field(default_factory=lambda: _uuid("tenant"))
    clock: Clock = field(default_factory=Clock.running)
    currency: str = "EUR"
    subscriptions: list[Subscription] = field(default_factory=list)
    management_groups: dict[str, list[str]] = field(default_factory=dict)
    locks: list[Lock] = field(default_factory=list)
    autoscale_settings: list[Json] = field(default_factory=list)
    diagnostic_settings: list[Json] = field(default_factory=list)
    traffic_log: list[Json] = field(default_factory=list)
    missing_assets: set[str] = field(default_factory=set)
    archived_assets: set[str] = field(default_factory=set)
    reserved_sizes: set[str] = field(default_factory=set)
    extra_charges: list[Charge] = field(default_factory=list)
    by_id: dict[str, list[Resource]] = field(default_factory=dict, repr=False)

    def note(self, resource: Resource) -> None:
        """Remember a resource by its id; resources call this when they are made."""
        self.by_id.setdefault(_key(resource.id), []).append(resource)

    def subscription(
        self,
        name: str,
        *,
        tags: Mapping[str, str] | None = None,
        id: str | None = None,
        state: str = "Enabled",
    ) -> Subscription:
        """Add a subscription; its id follows from its name unless given."""
        identifier = id or _uuid("subscription", name)
        subscription = Subscription(
            world=self,
            parent=None,
            name=name,
            type="Microsoft.Resources/subscriptions",
            tags=dict(tags or {}),
            state=state,
            id=f"/subscriptions/{identifier}",
        )
        self.subscriptions.append(subscription)
        return subscription

    def management_group(self, name: str, subscriptions: Iterable[Subscription]) -> None:
        """Add a management group that holds these subscriptions."""
        self.management_groups[name] = [sub.subscription_id for sub in subscriptions]

    def move(self, workspace: Workspace, group: ResourceGroup) -> None:
        """Move a workspace now: all in it gets new ids, under which no metric is older.

        Creation times stay. What names an old id from outside (locks, autoscale settings) stays.
        """
        assert workspace.parent is not None
        workspace.parent.children.remove(workspace)
        group.children.append(workspace)
        workspace.parent = group
        before = workspace.id
        after = f"{group.id}/providers/{workspace.type}/{workspace.name}"
        for resource in (workspace, *workspace.descendants()):
            self.by_id[_key(resource.id)].remove(resource)
            resource.id = after + resource.id.removeprefix(before)
            resource.properties = _with_ids(resource.properties, before, after)
            if isinstance(resource, Deployment):
                resource.metrics_since = self.clock.now()
            self.note(resource)

    def lookup(self, resource_id: str) -> Resource | None:
        """The resource that has this id now, or None."""
        for resource in reversed(self.by_id.get(_key(resource_id), [])):
            if resource.exists():
                return resource
        return None

    def find(self, id_or_path: str) -> Any:
        """The resource by its id or by the tail of its path (workspace/endpoint/deployment)."""
        found = self.lookup(id_or_path)
        if found is not None:
            return found
        wanted = [part.casefold() for part in id_or_path.strip("/").split("/")]
        for resource in self.resources():
            if _names(resource)[-len(wanted) :] == wanted:
                return resource
        raise KeyError(f"nothing is called {id_or_path!r} at {self.clock.now().isoformat()}")

    def resources(self) -> Iterator[Resource]:
        """Everything that exists now, parents before children."""
        waiting: list[Resource] = list(reversed(self.subscriptions))
        while waiting:
            resource = waiting.pop()
            if resource.exists():
                yield resource
                waiting.extend(reversed(resource.children))

    def workspaces(self) -> list[Workspace]:
        """The workspaces that exist now."""
        return [found for found in self.resources() if isinstance(found, Workspace)]

    def endpoints(self) -> list[Endpoint]:
        """The online endpoints that exist now."""
        return [found for found in self.resources() if isinstance(found, Endpoint)]

    def deployments(self) -> list[Deployment]:
        """The online deployments that exist now."""
        return [found for found in self.resources() if isinstance(found, Deployment)]

    def ever_under(self, endpoint_id: str) -> list[Deployment]:
        """Every deployment that an endpoint of this id ever had, gone ones too."""
        homes = self.by_id.get(_key(endpoint_id), [])
        found = [child for home in homes for child in home.children]
        return [child for child in found if isinstance(child, Deployment)]

    def ever_called(self, resource_id: str) -> list[Deployment]:
        """Every deployment that ever had this id, oldest first."""
        found = self.by_id.get(_key(resource_id), [])
        return [resource for resource in found if isinstance(resource, Deployment)]

    def lock(
        self,
        scope: str | Resource,
        level: Level = "CanNotDelete",
        name: str = "keep",
        notes: str = "",
    ) -> Lock:
        """Lock a scope: a resource, or its id."""
        scope_id = scope.id if isinstance(scope, Resource) else scope
        lock = Lock(scope_id, level, name, notes)
        self.locks.append(lock)
        return lock

    def remove_asset(self, reference: str) -> None:
        """Let a model, environment or code version be gone: its id, or `models/name/1`."""
        self.missing_assets.add(_asset_key(reference))

    def archive_asset(self, reference: str) -> None:
        """Let a model, environment or code version be archived."""
        self.archived_assets.add(_asset_key(reference))

    def asset_state(self, kind: str, name: str, version: str) -> str:
        """'there', 'archived' or 'gone'."""
        key = f"{kind}/{name}/{version}".casefold()
        if key in self.missing_assets:
            return "gone"
        return "archived" if key in self.archived_assets else "there"

    def autoscale(self, deployment: Deployment, minimum: int = 1, maximum: int = 4) -> Json:
        """Add an autoscale setting for a deployment; its capacities are numeric strings."""
        setting = autoscale_setting(deployment, minimum, maximum)
        self.autoscale_settings.append(setting)
        return setting

    def diagnose(self, endpoint: Endpoint, workspace_guid: str, name: str = "to-logs") -> Json:
        """Let an endpoint send its traffic log to a Log Analytics workspace."""
        setting = diagnostic_setting(endpoint, workspace_guid, name)
        self.diagnostic_settings.append(setting)
        return setting

    def log_call(
        self,
        deployment: Deployment,
        at: datetime,
        *,
        caller: str = "",
        user_agent: str = "python-requests/2.34",
        auth_type: str = "Key",
        status: int = 200,
    ) -> None:
        """Write one request into the traffic log; under key auth there is no caller."""
        row = logged_call(deployment, at, caller, user_agent, auth_type, status)
        self.traffic_log.append(row)

    def call(self, deployment: Deployment, count: float = 1.0) -> None:
        """Let requests reach a deployment in the minute before now."""
        moment = (self.clock.now() - timedelta(minutes=1)).replace(second=0, microsecond=0)
        requests: Requests = deployment.requests + at(moment, count)
        deployment.requests = requests


def _with_ids(properties: Json, before: str, after: str) -> Json:
    """Properties that name the workspace by its new id."""
    moved: Json = json.loads(json.dumps(properties).replace(before + "/", after + "/"))
    return moved


def _asset_key(reference: str) -> str:
    parts = [part for part in reference.casefold().strip("/").split("/") if part != "versions"]
    return "/".join(parts[-3:])


def _names(resource: Resource) -> list[str]:
    names: list[str] = []
    node: Resource | None = resource
    while node is not None:
        names.insert(0, node.name.casefold())
        node = node.parent
    return names


def _key(resource_id: str) -> str:
    return resource_id.strip("/").casefold()
