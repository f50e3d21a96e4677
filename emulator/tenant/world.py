"""The state of the stand-in's Azure: who is there, what is locked, forbidden, under way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from emulator.tenant.behaviour import Requests, at
from emulator.tenant.beside import autoscale_setting, diagnostic_setting, logged_call
from emulator.tenant.clock import Clock
from emulator.tenant.resources import Deployment, Endpoint, Resource, Subscription, Workspace
from emulator.tenant.resources import stable_uuid as _uuid
from emulator.tenant.shapes import Json
from emulator.tenant.state import Ending, Level, Lock, MetricError, Operation

if TYPE_CHECKING:
    from emulator.tenant.bill import Charge

CLIENT_ID = _uuid("application")
CLIENT_SECRET = "stand-in-secret"
OBJECT_ID = _uuid("service principal")
CLIENT_NAME = "mothball-operator"


@dataclass
class World:
    """A tenant, mutable at any time; guard changes by the emulator's lock while it serves.

    `polling_headers` come with answers of running operations. azure-core takes a Retry-After
    of 0 for none at all and sleeps its own interval, so the wait is told in milliseconds.
    """

    tenant_id: str = field(default_factory=lambda: _uuid("tenant"))
    clock: Clock = field(default_factory=Clock.running)
    graph_has_system_data: bool | Literal["null"] = True
    graph_rows: list[Json] | None = None
    maximum_refused: bool = False
    metrics_longest_days: int | None = None
    metrics_interval: str | None = None
    polls_until_done: int = 1
    polling_headers: dict[str, str] = field(default_factory=lambda: {"x-ms-retry-after-ms": "10"})
    patch_merges_tags: bool = False
    page_size: int = 30
    currency: str = "EUR"
    subscriptions: list[Subscription] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    metric_errors: list[MetricError] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    operations: dict[str, Operation] = field(default_factory=dict)
    management_groups: dict[str, list[str]] = field(default_factory=dict)
    forbidden: dict[str, set[str]] = field(default_factory=dict)
    missing_assets: set[str] = field(default_factory=set)
    archived_assets: set[str] = field(default_factory=set)
    autoscale_settings: list[Json] = field(default_factory=list)
    diagnostic_settings: list[Json] = field(default_factory=list)
    traffic_log: list[Json] = field(default_factory=list)
    extra_charges: list[Charge] = field(default_factory=list)
    reserved_sizes: set[str] = field(default_factory=set)
    longest_cost_page: int = 5000
    by_id: dict[str, list[Resource]] = field(default_factory=dict, repr=False)

    def note(self, resource: Resource) -> None:
        """Remember a resource by its id; resources call this when they are made."""
        self.by_id.setdefault(_key(resource.id), []).append(resource)

    def subscription(
        self, name: str, *, tags: Mapping[str, str] | None = None, id: str | None = None
    ) -> Subscription:
        """Add a subscription; its id follows from its name unless given."""
        identifier = id or _uuid("subscription", name)
        subscription = Subscription(
            world=self,
            parent=None,
            name=name,
            type="Microsoft.Resources/subscriptions",
            tags=dict(tags or {}),
            state="Enabled",
            id=f"/subscriptions/{identifier}",
        )
        self.subscriptions.append(subscription)
        return subscription

    def management_group(self, name: str, subscriptions: Iterable[Subscription]) -> None:
        """Add a management group that holds these subscriptions."""
        self.management_groups[name] = [sub.subscription_id for sub in subscriptions]

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

    def forbid(self, subscription: str | Subscription, sources: Iterable[str]) -> None:
        """Refuse the sign-in's reads of a subscription: arm, metrics, graph, locks, tags, …."""
        identifier = subscription if isinstance(subscription, str) else subscription.subscription_id
        self.forbidden.setdefault(identifier.casefold(), set()).update(sources)

    def allow(self, subscription: str | Subscription) -> None:
        """Take back what `forbid` did for a subscription."""
        identifier = subscription if isinstance(subscription, str) else subscription.subscription_id
        self.forbidden.pop(identifier.casefold(), None)

    def is_forbidden(self, subscription_id: str, source: str) -> bool:
        """Whether a source refuses this subscription."""
        return source in self.forbidden.get(subscription_id.casefold(), set())

    def metric_error(
        self, metric: str, code: str, aggregation: str | None = None, resource: str = ""
    ) -> None:
        """Let a metric answer `code`; only when asked by `aggregation`, if one is given.

        `resource` narrows it to ids that contain this text.
        """
        self.metric_errors.append(MetricError(metric, code, aggregation, resource))

    def will_end(
        self,
        path: str = ".*",
        status: Literal["Succeeded", "Failed", "Canceled", "InProgress"] = "Failed",
        *,
        method: str = "DELETE",
        code: str = "InternalServerError",
        message: str = "The service could not finish the operation.",
        polls: int | None = None,
        times: int = 1,
    ) -> None:
        """Decide how the next operation on a matching path ends; InProgress: never.

        `polls` is how many answers say InProgress before, None as `polls_until_done`.
        """
        self.endings.append(Ending(path, status, method, code, message, polls, times))

    def take_ending(self, method: str, path: str) -> Ending | None:
        """The ending decided for this request, counted as used."""
        for ending in self.endings:
            if ending.times and ending.method == method and re.search(ending.path, path, re.I):
                ending.times -= 1
                return ending
        return None

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

    def ever_under(self, endpoint_id: str) -> list[Deployment]:
        """Every deployment that an endpoint of this id ever had, gone ones too."""
        homes = self.by_id.get(_key(endpoint_id), [])
        found = [child for home in homes for child in home.children]
        return [child for child in found if isinstance(child, Deployment)]

    def ever_called(self, resource_id: str) -> list[Deployment]:
        """Every deployment that ever had this id, oldest first."""
        found = self.by_id.get(_key(resource_id), [])
        return [resource for resource in found if isinstance(resource, Deployment)]

    def settle(self) -> None:
        """End the operations that nobody polled for five minutes."""
        late = self.clock.now() - timedelta(minutes=5)
        for operation in list(self.operations.values()):
            if operation.state == "InProgress" and operation.started_at <= late:
                self.end(operation)

    def end(self, operation: Operation) -> None:
        """Let an operation end as it was decided; one that never ends stays."""
        if operation.state != "InProgress" or operation.status == "InProgress":
            return
        operation.state = operation.status
        operation.ended_at = self.clock.now()
        (operation.finish if operation.status == "Succeeded" else operation.fail)()

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
